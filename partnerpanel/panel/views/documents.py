"""Invoices, credit notes and receipts as PDF, and by mail."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from billing.printing.paper import Paper
from billing.printing.typeset import file_name, pdf_of
from billing.queries.invoice_page import invoice_view
from billing.queries.printed import credit_note_paper, invoice_paper, receipt_paper
from billing.services.invoice_copy import Copy
from customers.queries.facts import identities
from partnerpanel.actions import document_copies
from partnerpanel.actions.own_subscription import mail_invoice
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.ids import parse, public, uuid7
from partnerpanel.panel.page import PanelView
from partnerpanel.tenancy.scope import tenant


class InvoicePdf(PanelView):
    """Read inside a scope, set outside of it: setting takes longer than a transaction should."""

    reads_in_scope = False
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, invoice: str) -> HttpResponse:
        with tenant(self.visit.partner.pk):
            paper = invoice_paper(self.visit.partner.pk, parse("inv", invoice))
        return pdf_response(paper)


class CreditNotePdf(PanelView):
    """The same for a credit note."""

    reads_in_scope = False
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, credit_note: str) -> HttpResponse:
        with tenant(self.visit.partner.pk):
            paper = credit_note_paper(self.visit.partner.pk, parse("cn", credit_note))
        return pdf_response(paper)


class ReceiptPdf(PanelView):
    """The same for the receipt of a payment."""

    reads_in_scope = False
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, payment: str) -> HttpResponse:
        with tenant(self.visit.partner.pk):
            paper = receipt_paper(self.visit.partner.pk, parse("pay", payment))
        return pdf_response(paper)


class _MailCopy(PanelView):
    """Mails a document to its customer, once for one page: a second click brings the same copy."""

    permission = Permission.MAIL_INVOICE
    http_method_names = ["post"]

    def on_its_way(self, copy: Copy) -> None:
        """Says so on the next page."""
        with tenant(self.visit.partner.pk):
            address = identities(self.visit.partner.pk, [copy.customer_id])[copy.customer_id].email
        words = {"number": copy.label, "address": address}
        messages.success(self.request, _("%(number)s is on its way to %(address)s.") % words)


class MailCreditNote(_MailCopy):
    def post(self, request: HttpRequest, credit_note: str) -> HttpResponse:
        slug, now = self.visit.partner.slug, self.visit.now
        note_id, key = parse("cn", credit_note), _key(request)
        self.on_its_way(document_copies.mail_credit_note(note_id, key=key, actor=self.visit.actor, now=now))
        back = ("credit-notes", slug) if request.POST.get("back") == "list" else ("credit-note", slug, credit_note)
        return redirect(*back)


class MailReceipt(_MailCopy):
    def post(self, request: HttpRequest, payment: str) -> HttpResponse:
        payment_id, key, now = parse("pay", payment), _key(request), self.visit.now
        copy = document_copies.mail_receipt(payment_id, key=key, actor=self.visit.actor, now=now)
        self.on_its_way(copy)
        if request.POST.get("back") == "customer":
            return redirect("customer", self.visit.partner.slug, public("cus", copy.customer_id))
        return redirect("payments", self.visit.partner.slug)


class MailInvoice(PanelView):
    """Mails the invoice to its customer, once for one page: a second click brings the same copy."""

    permission = Permission.MAIL_INVOICE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, invoice: str) -> HttpResponse:
        partner_id, slug = self.visit.partner.pk, self.visit.partner.slug
        invoice_id = parse("inv", invoice)
        label = mail_invoice(invoice_id, key=_key(request), actor=self.visit.actor, now=self.visit.now)
        with tenant(partner_id):
            customer_id = invoice_view(partner_id, invoice_id).customer_id
            address = identities(partner_id, [customer_id])[customer_id].email
        messages.success(request, _("%(number)s is on its way to %(address)s.") % {"number": label, "address": address})
        return redirect(*(("invoices", slug) if request.POST.get("back") == "list" else ("invoice", slug, invoice)))


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid7()


def pdf_response(paper: Paper) -> HttpResponse:
    """A file that is kept and not shown inside the panel, under a name that holds no text of anybody's."""
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name(paper)}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(pdf_of(paper), content_type="application/pdf", headers=headers)
