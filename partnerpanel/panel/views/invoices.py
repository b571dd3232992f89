"""Invoices: the list and one of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.explaining import explained_line
from billing.queries.attention import cases
from billing.queries.credit_notes import credit_note_count, credit_notes_against
from billing.queries.explain import explain_payments
from billing.queries.facts import load
from billing.queries.invoice_list import InvoiceTab, invoice_counts, invoice_page
from billing.queries.invoice_page import InvoiceView, invoice_view
from billing.queries.pay_links import takes_cards
from billing.queries.returns import disputes_of, refunds_of
from partnerpanel.kernel.ids import parse, uuid7
from partnerpanel.panel.asked import asked
from partnerpanel.panel.document_tabs import document_tabs
from partnerpanel.panel.listing import LIMIT, count_text
from partnerpanel.panel.money_words import (
    attempt_sentence,
    credit_reason,
    dispute_reason,
    entry_text,
    refund_words,
    source_text,
    without_text,
)
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.taxed_lines import tax_notes, tax_rows
from partnerpanel.panel.why import explain_collection


class Invoices(PanelView):
    """The list in one tab. Its address is its state; a damaged cursor begins at the first page."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner, wanted = self.visit.partner, asked(request, InvoiceTab)
        search, days = wanted.search, wanted.days
        page = wanted.page(
            lambda cursor: invoice_page(
                partner.pk, tab=wanted.tab, search=search, days=days, cursor=cursor, limit=LIMIT
            )
        )
        counts = invoice_counts(partner.pk, search=search, days=days)
        notes = credit_note_count(partner.pk, search=search, days=days)
        context = wanted.context(page) | {
            "section": "invoices",
            "tabs": document_tabs(partner.slug, wanted, counts, notes, current=wanted.tab),
            "rows": page.rows,
            "total": count_text(counts[wanted.tab]),
            "headings": [
                {"text": _("Number")},
                {"text": _("Customer")},
                {"text": _("Status")},
                {"text": _("Date")},
                {"text": _("Total"), "end": True},
                {"text": _("Due"), "end": True},
                {"hidden_text": _("Mail")},
            ],
            "copy_key": uuid7(),
        }
        return self.page("panel/invoices/list.html", context)


class Invoice(PanelView):
    """Lines with how each amount came about, what was paid and asked for, and where its collection stands."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, invoice: str) -> HttpResponse:
        partner_id = self.visit.partner.pk
        found = invoice_view(partner_id, parse("inv", invoice))
        reasons = explain_payments(partner_id, [payment.id for payment in found.payments])
        context = {
            "section": "invoices",
            "crumbs": [{"text": _("Invoices"), "url": reverse("invoices", args=[self.visit.partner.slug])}],
            "invoice": found,
            "copy_key": uuid7(),
            "lines": [(line, explained_line(line, gives_back=line.amount.amount < 0)) for line in found.lines],
            "tax_rows": list(tax_rows([line.taxes for line in found.lines], found.subtotal)),
            "tax_notes": tax_notes(line.taxes for line in found.lines),
            "credit_notes": [
                (row, amount, credit_reason(row.reason))
                for row, amount in credit_notes_against(self.visit.partner.pk, found.id)
            ],
            "payments": [(payment, source_text(payment), reasons.get(payment.id, ())) for payment in found.payments],
            "refunds": [(row, refund_words(row)) for row in refunds_of(partner_id, invoice_id=found.id)],
            "disputes": [(row, dispute_reason(row.reason)) for row in disputes_of(partner_id, invoice_id=found.id)],
            "attempts": [(attempt, attempt_sentence(attempt)) for attempt in found.attempts],
            "entries": [(entry, entry_text(entry.reason)) for entry in found.entries],
            "case": self._case(found),
            "takes_cards": takes_cards(partner_id),
        }
        return self.page("panel/invoices/detail.html", context)

    def _case(self, invoice: InvoiceView) -> dict[str, Any] | None:
        if invoice.status != "open" or invoice.subscription_id is None:
            return None
        partner_id, now = self.visit.partner.pk, self.visit.now
        lines = cases(partner_id, load(partner_id, [invoice.subscription_id], now=now), now=now)
        if invoice.subscription_id not in lines:
            return None
        line = lines[invoice.subscription_id][0]
        return {
            "line": line,
            "reason": without_text(line.reason) if line.reason else "",
            "why": explain_collection(partner_id, invoice.subscription_id),
        }
