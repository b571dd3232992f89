"""Credit notes: the list, beside the invoices' tabs, and one of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.explaining import explained_line
from billing.queries.credit_notes import credit_note_count, credit_note_page, credit_note_view
from billing.queries.invoice_list import invoice_counts
from partnerpanel.kernel.ids import parse, uuid7
from partnerpanel.panel.asked import OneTab, asked
from partnerpanel.panel.document_tabs import document_tabs
from partnerpanel.panel.listing import LIMIT, count_text
from partnerpanel.panel.money_words import credit_reason, entry_text
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.taxed_lines import tax_notes, tax_rows


class CreditNotes(PanelView):
    """The newest first. A damaged cursor begins at the first page."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner, wanted = self.visit.partner, asked(request, OneTab)
        search, days = wanted.search, wanted.days
        page = wanted.page(
            lambda cursor: credit_note_page(partner.pk, search=search, days=days, cursor=cursor, limit=LIMIT)
        )
        count = credit_note_count(partner.pk, search=search, days=days)
        counts = invoice_counts(partner.pk, search=search, days=days)
        context = wanted.context(page) | {
            "section": "invoices",
            "copy_key": uuid7(),
            "tabs": document_tabs(partner.slug, wanted, counts, count, current=None),
            "rows": [(row, credit_reason(row.reason)) for row in page.rows],
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
