"""Credit notes: the list, beside the invoices' tabs, and one of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.explaining import explained_line
from billing.queries.credit_notes import credit_note_count, credit_note_page, credit_note_view
from billing.queries.invoice_list import invoice_counts
from partnerpanel.kernel.ids import parse, uuid7
from partnerpanel.kernel.paging import InvalidCursor
from partnerpanel.panel.document_tabs import document_tabs
from partnerpanel.panel.listing import LIMIT, count_text
from partnerpanel.panel.money_words import credit_reason, entry_text
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.taxed_lines import tax_notes, tax_rows


class CreditNotes(PanelView):
    """The newest first. A damaged cursor begins at the first page."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner_id = self.visit.partner.pk
        search = request.GET.get("q", "").strip()[:40]
        cursor = request.GET.get("cursor") or None
        try:
            page = credit_note_page(partner_id, search=search, cursor=cursor, limit=LIMIT)
        except InvalidCursor:
            page = credit_note_page(partner_id, search=search, cursor=None, limit=LIMIT)
        count = credit_note_count(partner_id, search=search)
        context = {
            "section": "invoices",
            "search": search,
            "here": _query(search, request.GET.get("cursor", "")),
            "query": _query(search),
            "copy_key": uuid7(),
            "tabs": document_tabs(
                self.visit.partner.slug, invoice_counts(partner_id, search=search), count, search=search, current=None
            ),
            "rows": [(row, credit_reason(row.reason)) for row in page.rows],
            "previous_url": page.previous and _query(search, page.previous),
            "next_url": page.next and _query(search, page.next),
            "total": count_text(count),
            "headings": [
                {"text": _("Number")},
                {"text": _("Customer")},
                {"text": _("Why")},
                {"text": _("Date")},
                {"text": _("Total"), "end": True},
                {"hidden_text": _("Files")},
            ],
        }
        return self.page("panel/credit_notes/list.html", context)


class CreditNote(PanelView):
    """Its lines, each with what it takes back and how the amount came about, and what reached the balance."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, credit_note: str) -> HttpResponse:
        return self.page("panel/credit_notes/detail.html", self.context(parse("cn", credit_note)))

    def context(self, note_id: UUID) -> dict[str, Any]:
        slug = self.visit.partner.slug
        note = credit_note_view(self.visit.partner.pk, note_id)
        return {
            "section": "invoices",
            "crumbs": [
                {"text": _("Invoices"), "url": reverse("invoices", args=[slug])},
                {"text": _("Credit notes"), "url": reverse("credit-notes", args=[slug])},
            ],
            "note": note,
            "reason": credit_reason(note.reason),
            "copy_key": uuid7(),
            # On a credit note a line above zero gives back.
            "lines": [(line, explained_line(line, gives_back=line.amount.amount > 0)) for line in note.lines],
            "tax_rows": list(tax_rows([line.taxes for line in note.lines], note.subtotal)),
            "tax_notes": tax_notes(line.taxes for line in note.lines),
            "entries": [(entry, entry_text(entry.reason)) for entry in note.entries],
        }


def _query(search: str, cursor: str = "") -> str:
    pairs = {"q": search, "cursor": cursor}
    return "?" + urlencode({key: value for key, value in pairs.items() if value})
