"""The cards that a customer has: one more, the one that is charged, one taken away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from billing.methods.queries import Method, kept_methods
from partnerpanel.actions import cards, own_subscription, payments, portal_desk
from partnerpanel.actions.cards import Removal
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.portal.confirming import OfSubscription
from partnerpanel.portal.holding import read_charges_ahead
from partnerpanel.portal.page import PortalView
from partnerpanel.portal.refusals import refusal_of
from partnerpanel.portal.views.payment import METHOD, SAID, Card
from partnerpanel.tenancy.scope import tenant


class AddCard(Card):
    """Beside those that there are; nothing is charged to it."""

    title = "another"

    def leave_to(self) -> str:
        return portal_desk.card_page(self.visit.customer_id, None, actor=self.visit.actor, now=self.now, beside=True)

    def take(self, method: str) -> str:
        cards.add(self.visit.customer_id, method=method, actor=self.visit.actor, now=self.now)
        return "card-added"

    def charges(self) -> tuple[Any, ...]:
        return ()


class _OnCard(PortalView):
    permission = Permission.REPLACE_CARD
    http_method_names = ["get", "head", "post"]
    section = "payment"
    method: Method

    def find(self, card: str) -> UUID:
        """Raises NotFound, also for another customer's."""
        id_ = parse(METHOD, card)
        with tenant(self.partner.pk):
            read_charges_ahead(self.partner.pk, self.visit.customer_id)
            self.method = cards.card(id_, actor=self.visit.actor)
        return id_


class UseCard(_OnCard):
    """From now on it is charged, and what is open at once; GET says what that is."""

    def get(self, request: HttpRequest, card: str) -> HttpResponse:
        self.find(card)
        return self._page()

    def post(self, request: HttpRequest, card: str) -> HttpResponse:
        id_ = self.find(card)
        try:
            status = own_subscription.use_card(self.visit.customer_id, id_, actor=self.visit.actor, now=self.now)
        except NotFound:
            raise
        except DomainError as error:
            return self._page(reason=refusal_of(error), status=error.status)
        return self.go("portal-payment", said="card-chosen" if status is None else SAID.get(status, "being-checked"))

    def _page(self, *, reason: str = "", status: int = 200) -> HttpResponse:
        preview = payments.preview_card(self.visit.customer_id, actor=self.visit.actor, now=self.now)
        context = {"method": self.method, "charges": preview.charges, "reason": reason}
        return self.page("card_use", context, status=status)


class CardOf(OfSubscription):
    """One subscription is charged to this card, whichever is charged for the others; what it owes at once."""

    permission = Permission.REPLACE_CARD
    http_method_names = ["get", "head", "post"]
    section = "payment"
    kept: list[Method]

    def look_up(self) -> None:
        self.kept = kept_methods(self.partner.pk, self.visit.customer_id)

    def get(self, request: HttpRequest, subscription: str) -> HttpResponse:
        self.find(subscription)
        return self._page()

    def post(self, request: HttpRequest, subscription: str) -> HttpResponse:
        self.find(subscription)
        chosen, line = request.POST.get("card", ""), self.holding.line
        if not chosen:
            return self._page(status=422)
        try:
            status = own_subscription.use_card_for(line.id, parse(METHOD, chosen), actor=self.visit.actor, now=self.now)
        except NotFound:
            raise
        except DomainError as error:
            return self._page(reason=refusal_of(error), status=error.status)
        return self.go("portal-payment", said="card-of" if status is None else SAID.get(status, "being-checked"))

    def _page(self, *, reason: str = "", status: int = 200) -> HttpResponse:
        context = {
            "holding": self.holding,
            "kept": [(one, public(METHOD, one.id)) for one in self.kept],
            "due": self.holding.due,
            "reason": reason,
        }
        return self.page("card_of", context, status=status)


class RemoveCard(_OnCard):
    """It is charged no more; GET says what is charged instead, or why it has to stay."""

    def get(self, request: HttpRequest, card: str) -> HttpResponse:
        return self._page(self.find(card))

    def post(self, request: HttpRequest, card: str) -> HttpResponse:
        id_ = self.find(card)
        try:
            cards.remove(id_, actor=self.visit.actor, now=self.now)
        except NotFound:
            raise
        except DomainError as error:
            return self._page(id_, status=error.status)
        return self.go("portal-payment", said="card-removed")

    def _page(self, id_: UUID, *, status: int = 200) -> HttpResponse:
        removal: Removal | None = None
        reason = ""
        try:
            with tenant(self.partner.pk):
                removal = cards.preview_removal(id_, actor=self.visit.actor, now=self.now)
        except NotFound:
            raise
        except DomainError as error:
            reason = refusal_of(error)
        return self.page("card_remove", {"method": self.method, "removal": removal, "reason": reason}, status=status)
