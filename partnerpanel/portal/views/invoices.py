"""Invoices: list, one with how each amount came about, PDF, by mail; and what the next ones say."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from billing.explaining import explained_line
from billing.printing.paper import Paper
from billing.printing.typeset import file_name, pdf_of
from billing.queries.corrections import invoice_heading
from billing.queries.credit_notes import credit_notes_of
from billing.queries.invoice_list import invoices_of
from billing.queries.invoice_page import InvoiceView, invoice_view
from billing.queries.printed import credit_note_paper, customer_of_note, invoice_paper
from partnerpanel.actions import own_subscription, portal_desk
from partnerpanel.actions.permission import Permission, may
from partnerpanel.actions.portal_desk import Details
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse, public, uuid7
from partnerpanel.portal.forms import DetailsForm
from partnerpanel.portal.page import PortalView
from partnerpanel.portal.refusals import refusal_of
from partnerpanel.tenancy.scope import tenant

SHOWN = 100


class _Money(PortalView):
    permission = Permission.MAIL_INVOICE
    section = "invoices"

    def invoice(self, text: str) -> InvoiceView:
        """In the open scope. Raises NotFound, also for another customer's."""
        found = invoice_view(self.partner.pk, parse("inv", text))
        if found.customer_id != self.visit.customer_id:
            raise NotFound("There is no such invoice.")
        return found

    def own(self, text: str) -> UUID:
        """Its id, in the same way."""
        id_ = parse("inv", text)
        found = invoice_heading(self.partner.pk, id_)
        if found is None or found.customer_id != self.visit.customer_id:
            raise NotFound("There is no such invoice.")
        return id_


class Invoices(_Money):
    """The newest first."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        customer_id = self.visit.customer_id
        with tenant(self.partner.pk):
            rows = invoices_of(self.partner.pk, customer_id, limit=SHOWN)
            notes = credit_notes_of(self.partner.pk, customer_id, limit=SHOWN)
            details = portal_desk.details_of(customer_id, actor=self.visit.actor)
        context = {
            "invoices": [(row, public("inv", row.id)) for row in rows],
            "notes": [(row, public("cn", row.id)) for row in notes],
            "details": details,
        }
        return self.page("invoices", context)


class Invoice(_Money):
    """One invoice; every amount says how it came about."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, invoice: str) -> HttpResponse:
        with tenant(self.partner.pk):
            found = self.invoice(invoice)
        context = {
            "invoice": found,
            "id": invoice,
            "before": _place(found.corrects),
            "after": _place(found.corrected_by),
            "corrects": found.may_be_corrected and may(self.visit.actor, Permission.CORRECT_INVOICES),
            "lines": [(line, explained_line(line, gives_back=line.amount.amount < 0)) for line in found.lines],
        }
        return self.page("invoice", context)


def _place(of: tuple[UUID, str] | None) -> tuple[str, str] | None:
    """Public id and number."""
    return (public("inv", of[0]), of[1]) if of else None


class InvoicePdf(_Money):
    """Read inside a scope, set outside of it: setting takes longer than a transaction should."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, invoice: str) -> HttpResponse:
        with tenant(self.partner.pk):
            paper = invoice_paper(self.partner.pk, self.own(invoice))
        return _printed(paper)


class NotePdf(_Money):
    """A credit note, in the same way."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, note: str) -> HttpResponse:
        with tenant(self.partner.pk):
            id_ = parse("cn", note)
            if customer_of_note(self.partner.pk, id_) != self.visit.customer_id:
                raise NotFound("There is no such credit note.")
            paper = credit_note_paper(self.partner.pk, id_)
        return _printed(paper)


def _printed(paper: Paper) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{file_name(paper)}"'}
    return HttpResponse(pdf_of(paper), content_type="application/pdf", headers=headers)


class MailInvoice(_Money):
    """Once more to the customer's address; a second press of the same button brings no second mail."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, invoice: str) -> HttpResponse:
        with tenant(self.partner.pk):
            id_ = self.own(invoice)
        own_subscription.mail_invoice(id_, key=_key(request), actor=self.visit.actor, now=self.now)
        return self.go("portal-invoice", invoice, said="mailed")


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid7()


class BillingDetails(_Money):
    """What stands on invoices that are yet to be written."""

    permission = Permission.EDIT_TAXES
    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        with tenant(self.partner.pk):
            found = portal_desk.details_of(self.visit.customer_id, actor=self.visit.actor)
        initial = {"name": found.name, "country": found.country, "region": found.region, "tax_id": found.tax_id}
        return self.page("details", {"form": DetailsForm(initial=initial)})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = DetailsForm(request.POST)
        if not form.is_valid():
            return self.page("details", {"form": form}, status=422)
        try:
            details = Details(**form.cleaned_data)
            portal_desk.set_details(self.visit.customer_id, details, actor=self.visit.actor, now=self.now)
        except NotFound:
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, refusal_of(error))
            return self.page("details", {"form": form}, status=error.status)
        return self.go("portal-invoices", said="details-kept")
