"""An invoice with the wrong details: what takes its place, and one button."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.queries.corrections import Heading, heading_ahead, invoice_heading
from customers.queries.held import profile_ahead
from partnerpanel.actions import portal_desk
from partnerpanel.actions.invoice_verbs import CorrectInvoice
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse
from partnerpanel.portal.confirming import Confirm
from partnerpanel.tenancy.ahead import ahead


class Correct(Confirm):
    """The new one says what the customer's details say now. Where that would change what a paid one costs, the partner
    decides."""

    permission = Permission.CORRECT_INVOICES
    section = "invoices"
    template = "correct"
    title = gettext_lazy("Correct the details")
    submit = gettext_lazy("Yes, Correct")
    done = "corrected"
    back = "portal-invoices"
    invoice: Heading

    def get(self, request: HttpRequest, invoice: str) -> HttpResponse:
        return super().get(request, invoice)

    def post(self, request: HttpRequest, invoice: str) -> HttpResponse:
        return super().post(request, invoice)

    def which(self, named: str) -> UUID:
        """The one that the invoice is for. Raises NotFound, also for another customer's invoice."""
        self.invoice_id = parse("inv", named)
        ahead(heading_ahead(self.partner.pk, self.invoice_id), profile_ahead(self.partner.pk, self.visit.customer_id))
        found = invoice_heading(self.partner.pk, self.invoice_id)
        if found is None or found.customer_id != self.visit.customer_id or found.subscription_id is None:
            raise NotFound("There is no such invoice.")
        self.invoice = found
        return found.subscription_id

    def look_up(self) -> None:
        self.details = portal_desk.details_of(self.visit.customer_id, actor=self.visit.actor)

    def verb(self, asked: Mapping[str, str]) -> Verb | None:
        note = _("Asked for by the customer: new billing details")
        return CorrectInvoice((self.target,), self.invoice_id, note, keeps_total=True)

    def summary(self) -> str:
        if self.quoted is None or self.quoted.is_refused:
            return ""
        planned = self.quoted.money[0].planned
        if planned is not None and planned.plan.void:
            return _("%(number)s is void, and a new invoice takes its place.") % {"number": self.invoice.label}
        return _(
            "A credit note takes %(number)s back, and a new invoice takes its place. It is paid already; nothing is "
            "charged."
        ) % {"number": self.invoice.label}

    def extra(self) -> dict[str, Any]:
        return {"details": self.details, "invoice": self.invoice}
