"""Paying: the card, and what is owed."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from billing.charging.states import AttemptStatus
from billing.methods.queries import kept_methods
from billing.queries.customer_money import balances_of
from partnerpanel.actions import own_subscription, pay_links, payments, portal_desk
from partnerpanel.actions.payments import Preview
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import public
from partnerpanel.portal.confirming import OfSubscription
from partnerpanel.portal.forms import PayForm, TestCardForm
from partnerpanel.portal.holding import holdings, read_charges_ahead
from partnerpanel.portal.page import PortalView
from partnerpanel.portal.quote_words import drafted
from partnerpanel.portal.refusals import refusal_of
from partnerpanel.tenancy.scope import tenant

METHOD = "pm"
SAID = {AttemptStatus.SUCCEEDED: "paid", AttemptStatus.ACTION_REQUIRED: "confirm"}


class Payment(PortalView):
    """The card that is charged, what is in credit, and what is owed."""

    permission = Permission.REPLACE_CARD
    http_method_names = ["get", "head"]
    section = "payment"

    def get(self, request: HttpRequest) -> HttpResponse:
        customer_id = self.visit.customer_id
        with tenant(self.partner.pk):
            found, card = holdings(self.partner.pk, customer_id, now=self.now)
            kept = kept_methods(self.partner.pk, customer_id)
            balances = balances_of(self.partner.pk, customer_id)
        owing = [one for one in found if one.due is not None]
        rows = [(one, public(METHOD, one.id)) for one in kept]
        paid = [one for one in found if not one.is_over] if len(kept) > 1 else []
        return self.page("payment", {"card": card, "kept": rows, "paid": paid, "balances": balances, "owing": owing})


class Card(PortalView):
    """Another card: at the gateway's own page, so that its number does not reach us; what is open is charged to it at
    once. In a test mode one of the sandbox's."""

    permission = Permission.REPLACE_CARD
    http_method_names = ["get", "head", "post"]
    section = "payment"
    title: ClassVar[str] = "card"

    def leave_to(self) -> str:
        """The gateway's page."""
        with tenant(self.partner.pk):
            found, _card = holdings(self.partner.pk, self.visit.customer_id, now=self.now)
        owing: UUID | None = next((one.line.id for one in found if one.due is not None), None)
        return portal_desk.card_page(self.visit.customer_id, owing, actor=self.visit.actor, now=self.now)

    def take(self, method: str) -> str:
        """Keeps one of the sandbox's; the code of what the next page says."""
        status = own_subscription.replace_card(
            self.visit.customer_id, method=method, actor=self.visit.actor, now=self.now
        )
        return "card-kept" if status is None else SAID.get(status, "being-checked")

    def charges(self) -> tuple[Any, ...]:
        """What is charged to it at once: names and amounts."""
        return payments.preview_card(self.visit.customer_id, actor=self.visit.actor, now=self.now).charges

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(None)

    def post(self, request: HttpRequest) -> HttpResponse:
        if self._at_gateway():
            return self._leave()
        form = TestCardForm(request.POST)
        if not portal_desk.takes_test_cards(self.partner.pk) or not form.is_valid():
            return self._page(form, status=422)
        try:
            said = self.take(form.cleaned_data["method"])
        except NotFound:
            raise
        except DomainError as error:
            form.add_error("method", refusal_of(error))
            return self._page(form, status=error.status)
        return self.go("portal-payment", said=said)

    def _at_gateway(self) -> bool:
        with tenant(self.partner.pk):
            read_charges_ahead(self.partner.pk, self.visit.customer_id)
            return pay_links.takes_cards(self.partner.pk)

    def _leave(self) -> HttpResponse:
        """No redirect: the form of a page of ours leads nowhere else, and the gateway's hosts are many."""
        address = self.leave_to()
        answer = self.page("leaving", {"address": address})
        answer["Refresh"] = f"0;url={address}"
        return answer

    def _page(self, form: TestCardForm | None, *, status: int = 200) -> HttpResponse:
        at_gateway = self._at_gateway()
        context = {
            "title": self.title,
            "at_gateway": at_gateway,
            "takes_test_cards": not at_gateway and portal_desk.takes_test_cards(self.partner.pk),
            "form": form or TestCardForm(),
            "charges": self.charges(),
            "back_url": self.at("portal-payment"),
        }
        return self.page("card", context, status=status)


class Pay(OfSubscription):
    """What is owed for one subscription, charged to the card on file now."""

    permission = Permission.CHARGE
    http_method_names = ["get", "head", "post"]
    section = "payment"

    def get(self, request: HttpRequest, subscription: str) -> HttpResponse:
        self.find(subscription)
        return self._page()

    def post(self, request: HttpRequest, subscription: str) -> HttpResponse:
        self.find(subscription)
        form = PayForm(request.POST)
        form.is_valid()
        try:
            status = own_subscription.pay(
                self.holding.line.id,
                term_number=form.cleaned_data.get("term"),
                actor=self.visit.actor,
                now=self.now,
            )
        except NotFound:
            raise
        except DomainError as error:
            return self._page(reason=refusal_of(error), status=error.status)
        return self.go("portal-home", said=SAID.get(status, "being-checked"))

    def _page(self, *, reason: str = "", status: int = 200) -> HttpResponse:
        preview: Preview | None = None
        try:
            preview = payments.preview_payment(
                self.holding.line.id, permission=Permission.CHARGE, actor=self.visit.actor, now=self.now
            )
        except NotFound:
            raise
        except DomainError as error:
            reason = reason or refusal_of(error)
        context: dict[str, Any] = {
            "holding": self.holding,
            "card": self.card,
            "quote": _quote(preview) if preview else None,
            "term": preview.payment.term_number if preview else None,
            "reason": reason,
            "back_url": self.at("portal-payment"),
        }
        return self.page("pay", context, status=status)


def _quote(preview: Preview) -> dict[str, Any]:
    """The quote component's parameter."""
    found = preview.payment
    words = {"invoice": found.invoice, "plan": found.plan_name}
    summary = _("You pay the invoice %(invoice)s for %(plan)s.") if found.invoice else _("You pay for %(plan)s.")
    return {
        "summary": summary % words,
        "warnings": [],
        "lines": [drafted(line) for line in found.lines],
        "due_now": found.due,
        "due_note": _("charged to %(card)s") % {"card": found.method.text} if found.method else "",
        "mails": [{"to": mail.to, "subject": mail.title, "body": mail.body} for mail in preview.foreseen],
        "steps": [_("Your service opens again at once.")] if found.releases else [],
    }
