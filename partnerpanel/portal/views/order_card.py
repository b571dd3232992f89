"""Paying for an order: at the gateway's page, and back from it."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse

from partnerpanel.actions.checkout import cards
from partnerpanel.actions.checkout.settle import settle
from partnerpanel.actions.checkout.states import CheckoutState
from partnerpanel.actions.checkout.withdrawing import withdraw
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import public
from partnerpanel.portal.forms import TestCardForm
from partnerpanel.portal.orders import CHECKOUT, OrderView
from partnerpanel.portal.refusals import refusal_of
from partnerpanel.tenancy.hosts import at_portal
from partnerpanel.tenancy.scope import tenant

PAGE = re.compile(r"\w{1,100}")


class _Paying(OrderView):
    def address(self, name: str) -> str:
        """Where somebody outside leads back to: the host that was come by, as the browser is known there."""
        if getattr(self.request, "own_host", False):
            return str(self.request.build_absolute_uri(self.at(name, public(CHECKOUT, self.order_id))))
        return at_portal(self.partner, name, public(CHECKOUT, self.order_id))


class OrderCard(_Paying):
    """The card: a number never reaches us. In a test mode one of the sandbox's."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest) -> HttpResponse:
        with tenant(self.partner.pk):
            row = self.row()
            if not self.is_mine(row) or row.state != CheckoutState.PAYING:
                return self.to_order()
            ways = cards.ways_of(row)
        try:
            if ways.at_gateway:
                back = self.address("portal-order-back") + "?page={page}"
                away = self.address("portal-order")
                return self.leave(cards.card_page(self.partner.pk, self.order_id, back=back, away=away, now=self.now))
            form = TestCardForm(request.POST)
            if not form.is_valid():
                return self._page(form=form, status=422)
            ref = form.cleaned_data["method"]
            cards.give_test_card(self.partner.pk, self.order_id, ref=ref, now=self.now)
            settle(self.partner.pk, self.order_id, now=self.now)
        except NotFound:
            raise
        except DomainError as error:
            return self._page(reason=refusal_of(error), status=error.status)
        return self.to_order()

    def _page(self, *, form: TestCardForm | None = None, reason: str = "", status: int = 200) -> HttpResponse:
        with tenant(self.partner.pk):
            row = self.row()
            if not self.is_mine(row) or row.state != CheckoutState.PAYING:
                return self.to_order()
            ways = cards.ways_of(row)
        order = public(CHECKOUT, self.order_id)
        context = {
            "ways": ways,
            "form": form or TestCardForm(),
            "reason": reason,
            "order": order,
            "back_url": self.at("portal-order", order),
        }
        return self.page("order_card", context, status=status)


class OrderBack(_Paying):
    """Where gateway and bank lead back to: whatever happened there is settled, for whoever comes."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        page = request.GET.get("page", "")
        try:
            settle(self.partner.pk, self.order_id, page=page if PAGE.fullmatch(page) else "", now=self.now)
        except NotFound:
            raise
        except DomainError:
            return self.to_order(said="being-checked")
        return self.to_order()


class OrderBank(_Paying):
    """To the page on which the bank wants the payment confirmed."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        with tenant(self.partner.pk):
            row = self.row()
            charge = cards.charge_of_order(row) if self.is_mine(row) else None
        if charge is None:
            return self.to_order()
        try:
            _outcome, address = cards.charged(row, charge, back=self.address("portal-order-back"), now=self.now)
        except DomainError:
            return self.to_order(said="being-checked")
        if address:
            return self.leave(address)
        settle(self.partner.pk, self.order_id, now=self.now)
        return self.to_order()


class OrderWithdraw(OrderView):
    """Nothing is tried again, and nothing is owed."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        with tenant(self.partner.pk):
            is_mine = self.is_mine(self.row())
        if is_mine:
            try:
                withdraw(self.partner.pk, self.order_id, now=self.now)
            except NotFound:
                raise
            except DomainError:
                return self.to_order(said="being-checked")
        return self.to_order()
