"""*Your subscription*: a partner's own plan at the platform, what it owes and has paid, and what it may do about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.explaining import explained_line
from billing.queries.customer_money import customer_money
from billing.queries.invoice_page import invoice_view
from billing.queries.printed import invoice_paper
from customers.queries.facts import identities
from partnerpanel.actions import own_subscription
from partnerpanel.actions.own_subscription import NotBilled
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse, uuid7
from partnerpanel.panel.at_platform import AtPlatform
from partnerpanel.panel.change_lines import change_lines
from partnerpanel.panel.money_words import source_text, without_text
from partnerpanel.panel.offered import allowed_by_state
from partnerpanel.panel.views.documents import pdf_response
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.changes import changes_of

SECTION = "your-subscription"


class YourSubscription(AtPlatform):
    """The page. A test mode leads to that of its live partner; who is billed by nobody reads that."""

    http_method_names = ["get", "head"]

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.visit.partner.is_test:
            return redirect("your-subscription", self.visit.partner.live.slug)
        try:
            return super()._answer(request, *args, **kwargs)
        except NotBilled:
            return self.page_in_scope("panel/your_subscription/not_billed.html", {"section": SECTION})

    def get(self, request: HttpRequest) -> HttpResponse:
        with tenant(self.visit.partner.pk):
            context = self._found()
        return self.page_in_scope("panel/your_subscription/page.html", context)

    def _found(self) -> dict[str, Any]:
        partner_id, line = self.visit.partner.pk, self.main()
        ids = [line.id] if line else []
        money = customer_money(partner_id, self.own_id, ids, now=self.now)
        coming = next(iter(money.coming), None)
        changes = changes_of(partner_id, ids)
        without = coming.charge.without if coming else None
        return {
            "section": SECTION,
            "seller": self.visit.partner,
            "line": line,
            "coming": coming,
            "without": without_text(without.value) if without else "",
            "change": change_lines(line, changes.get(line.id, ()), coming, {}) if line else None,
            "allowed": allowed_by_state(line) if line else (),
            "money": money,
            "payments": [(payment, source_text(payment)) for payment in money.payments],
            "headings": [
                {"text": _("Number")},
                {"text": _("Status")},
                {"text": _("Date")},
                {"text": _("Total"), "end": True},
                {"hidden_text": _("Mail")},
            ],
        }


class YourInvoice(AtPlatform):
    """One invoice of the platform, with its lines."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, bill: str) -> HttpResponse:
        with tenant(self.visit.partner.pk):
            invoice = invoice_view(self.visit.partner.pk, parse("inv", bill))
        if invoice.customer_id != self.own_id:
            raise NotFound("There is no such invoice.")
        context = {
            "section": SECTION,
            "crumbs": [{"text": _("Your subscription"), "url": self.back_url()}],
            "invoice": invoice,
            "lines": [(line, explained_line(line, gives_back=line.amount.amount < 0)) for line in invoice.lines],
            "payments": [(payment, source_text(payment)) for payment in invoice.payments],
        }
        return self.page_in_scope("panel/your_subscription/invoice.html", context)


class YourInvoicePdf(AtPlatform):
    """The same as PDF."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, bill: str) -> HttpResponse:
        with tenant(self.visit.partner.pk):
            if invoice_view(self.visit.partner.pk, parse("inv", bill)).customer_id != self.own_id:
                raise NotFound("There is no such invoice.")
            paper = invoice_paper(self.visit.partner.pk, parse("inv", bill))
        return pdf_response(paper)


class MailInvoice(AtPlatform):
    """Mails the invoice to the address that the platform writes to, and goes back."""

    permission = Permission.OWN_SUBSCRIPTION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, bill: str) -> HttpResponse:
        label = own_subscription.mail_invoice(parse("inv", bill), key=uuid7(), actor=self.visit.actor, now=self.now)
        with tenant(self.visit.partner.pk):
            address = identities(self.visit.partner.pk, [self.own_id])[self.own_id].email
        said = _("%(number)s is on its way to %(address)s.") % {"number": label, "address": address}
        messages.success(request, said)
        back = request.POST.get("back", "")
        own = reverse("your-invoice", args=[self.frame.partner.live.slug, bill])
        return redirect(own if back == "invoice" else self.back_url())
