"""Invoices, credit notes and payments as CSV, narrowed as their lists are."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from billing.queries.credit_notes import CreditNoteRow, credit_note_page
from billing.queries.invoice_list import InvoiceLineOfList, InvoiceTab, invoice_page
from billing.queries.payment_list import PaymentRow, PaymentTab, payment_page
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.ids import public
from partnerpanel.panel.asked import OneTab, asked
from partnerpanel.panel.money_words import credit_reason, way_text
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.streamed import PART, streamed_csv


class _Export(PanelView):
    """A file that is read while it is sent, under a name that says what, whose and when."""

    permission = Permission.EXPORT
    reads_in_scope = False
    http_method_names = ["get", "head"]

    def name(self, what: str) -> str:
        return f"{what}-{self.visit.partner.slug}-{self.visit.now:%Y-%m-%d}.csv"


class InvoicesExport(_Export):
    def get(self, request: HttpRequest) -> HttpResponseBase:
        partner_id = self.visit.partner.pk
        wanted = asked(request, InvoiceTab)
        tab, search, days = wanted.tab, wanted.search, wanted.days
        header = ["id", _("Number"), _("Status"), "customer", _("Name"), _("Date"), _("Currency")]
        return streamed_csv(
            partner_id,
            self.name("invoices"),
            [*header, _("Total"), _("Due")],
            lambda cursor: invoice_page(partner_id, tab=tab, search=search, cursor=cursor, limit=PART, days=days),
            _invoice,
        )


class CreditNotesExport(_Export):
    def get(self, request: HttpRequest) -> HttpResponseBase:
        partner_id = self.visit.partner.pk
        wanted = asked(request, OneTab)
        search, days = wanted.search, wanted.days
        header = ["id", _("Number"), _("Why"), "customer", _("Name"), _("Date"), _("Currency"), _("Total")]
        return streamed_csv(
            partner_id,
            self.name("credit-notes"),
            header,
            lambda cursor: credit_note_page(partner_id, search=search, cursor=cursor, limit=PART, days=days),
            _credit_note,
        )


class PaymentsExport(_Export):
    def get(self, request: HttpRequest) -> HttpResponseBase:
        partner_id = self.visit.partner.pk
        wanted = asked(request, PaymentTab)
        tab, search, days = wanted.tab, wanted.search, wanted.days
        header = ["id", _("Invoice"), "customer", _("Name"), _("Received"), _("Paid with"), _("Charge at the gateway")]
        return streamed_csv(
            partner_id,
            self.name("payments"),
            [*header, _("Currency"), _("Amount"), _("Went back"), _("Note")],
            lambda cursor: payment_page(partner_id, tab=tab, search=search, cursor=cursor, limit=PART, days=days),
            _payment,
        )


def _invoice(row: InvoiceLineOfList) -> tuple[object, ...]:
    who = (public("cus", row.customer_id), row.customer_name)
    amounts = (row.total.currency, row.total.major, row.due.major)
    return (public("inv", row.id), row.label, row.status, *who, row.issued_on.isoformat(), *amounts)


def _credit_note(row: CreditNoteRow) -> tuple[object, ...]:
    who = (public("cus", row.customer_id), row.customer_name)
    what = (public("cn", row.id), row.label, credit_reason(row.reason))
    return (*what, *who, row.issued_on.isoformat(), row.total.currency, row.total.major)


def _payment(row: PaymentRow) -> tuple[object, ...]:
    who = (public("cus", row.customer_id), row.customer_name)
    way = (row.received_on.isoformat(), way_text(row.source, row.method), row.reference)
    amounts = (row.amount.currency, row.amount.major, row.back.major)
    return (public("pay", row.id), row.invoice, *who, *way, *amounts, row.note)
