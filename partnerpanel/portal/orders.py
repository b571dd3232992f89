"""What the pages of buying share: limits, and which browser has proved that an order's address is its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from partnerpanel.actions.checkout import desk
from partnerpanel.actions.checkout.states import OPEN_FOR
from partnerpanel.actions.permission import Permission, may
from partnerpanel.actions.portal_access import actor_of
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.ids import parse, public
from partnerpanel.portal.page import PublicView, ShopClosed
from partnerpanel.portal.places import ORDERS, cookie_name, keep
from partnerpanel.tenancy.frozen import PartnerFrozen, refuse_frozen
from partnerpanel.tenancy.visitors import seconds_to_wait

if TYPE_CHECKING:
    from partnerpanel.actions.checkout.models import Checkout
    from partnerpanel.tenancy.models import Partner

CHECKOUT = "chk"
SALT = "portal-orders"
# How many orders one browser may have under way.
MOST = 5
KEPT_FOR = 3 * OPEN_FOR
QUARTER_OF_AN_HOUR = 900


class TooOften(DomainError):
    """Too many tries from here; the message says when to come back."""

    code = "too_often"
    status = 429


def proved_by(request: HttpRequest, partner: Partner) -> list[str]:
    """The orders whose address this browser has proved, the latest last."""
    try:
        found: list[str] = signing.loads(
            request.COOKIES.get(cookie_name(ORDERS, partner), ""), salt=SALT, max_age=KEPT_FOR
        )
    except signing.BadSignature:
        return []
    return found


def remember(answer: HttpResponse, request: HttpRequest, partner: Partner, order: UUID) -> None:
    """This browser goes on with the order."""
    found = [one for one in proved_by(request, partner) if one != order.hex]
    kept = signing.dumps([*found, order.hex][-MOST:], salt=SALT)
    keep(answer, request, partner, ORDERS, kept, lives=KEPT_FOR)


class BuyingView(PublicView):
    """A page of buying."""

    def limit(self, name: str, who: str, most: int) -> None:
        """Raises TooOften."""
        if wait := seconds_to_wait(f"buying-{name}", f"{self.partner.pk}:{who}", most=most, window=QUARTER_OF_AN_HOUR):
            raise TooOften(_("Too many tries. Wait %(n)s minutes and try again.") % {"n": -(-wait // 60)})

    def refuse_frozen(self) -> None:
        """Raises ShopClosed while the partner itself is frozen."""
        try:
            refuse_frozen(self.partner)
        except PartnerFrozen as error:
            raise ShopClosed("Nothing can be changed here at the moment.") from error


class OrderView(BuyingView):
    """A page of one order. What it says of its buyer, and what it does, is for the browser that proved the address."""

    order_id: UUID

    def _answer(self, request: HttpRequest, *args: Any, order: str, **kwargs: Any) -> Any:
        self.order_id = parse(CHECKOUT, order)
        if request.method == "POST":
            self.refuse_frozen()
        return super()._answer(request, *args, **kwargs)

    def is_mine(self, row: Checkout) -> bool:
        """Whether this browser may go on with it."""
        if row.proved_at is None:
            return False
        if self.order_id.hex in proved_by(self.request, self.partner):
            return True
        visitor = self.visitor
        if visitor is None or visitor.customer_id != row.customer_id:
            return False
        return may(actor_of(self.partner.pk, visitor), Permission.CHANGE_PLAN)

    def row(self) -> Checkout:
        """In the open scope. Raises NotFound."""
        return desk.find(self.partner.pk, self.order_id)

    def to_order(self, *, said: str = "") -> HttpResponse:
        """Back to the page of the order."""
        return self.go("portal-order", public(CHECKOUT, self.order_id), said=said)

    def leave(self, address: str) -> HttpResponse:
        """No redirect: the form of a page of ours leads nowhere else, and the gateway's hosts are many."""
        answer = self.page("leaving_to_pay", {"address": address})
        answer["Refresh"] = f"0;url={address}"
        return answer
