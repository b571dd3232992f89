"""What a shop offers, and somebody who leaves it in the portal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from partnerpanel.actions import door, leaving
from partnerpanel.actions.cancel import Cancel, CancelWhen
from partnerpanel.actions.offer_rules import RuleTerms, create_rule
from partnerpanel.actions.take_offer import TakeOffer
from partnerpanel.offers.models import ExitAnswer, OfferMade
from partnerpanel.offers.rules.offers import Conditions, Moment, Offer, OfferKind
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.coupons import Discount
from subscriptions.services.coupon_catalogue import CouponTerms, create_coupon
from tests.actions.selling import Buyer, Shop
from tests.portal.guests import guest


def coupon(shop: Shop, code: str = "STAY", percent: int = 50, **other: Any) -> Offer:
    """An offer of a coupon of that code."""
    with tenant(shop.world.id):
        terms = CouponTerms(code, Discount(percent=percent), **other)
        return Offer(OfferKind.COUPON, create_coupon(terms, actor=shop.world.system, now=shop.now))


PAUSE = Offer(OfferKind.PAUSE, pause_months=2)


def rule(
    shop: Shop, offer: Offer, name: str = "Stay", *, moment: Moment = Moment.LEAVING, position: int = 1, **wanted: Any
) -> UUID:
    terms = RuleTerms(moment, name, offer, Conditions(**wanted), position)
    return create_rule(terms, actor=shop.person.actor, now=shop.now)


@dataclass
class Leaver:
    """Somebody with a log-in of the portal."""

    buyer: Buyer
    actor: Actor

    @classmethod
    def of(cls, buyer: Buyer) -> Leaver:
        return cls(buyer, guest(buyer.shop.world, buyer.customer).actor)

    def says(self, reason: str = "too_expensive") -> UUID | None:
        """Answers the survey; the offer that is shown, if any."""
        [target], now = self.buyer.target, self.buyer.shop.now
        code = leaving.answer(target, reason, actor=self.actor, now=now)
        found = leaving.offer_for(target, code, actor=self.actor, now=now)
        return found[0] if found else None

    def takes(self, offer: UUID) -> door.Outcome:
        verb, now = TakeOffer(self.buyer.target, offer), self.buyer.shop.now
        quote = door.preview(verb, actor=self.actor, now=now)
        outcome = door.commit(verb, quote=quote.token, actor=self.actor, now=now)
        self.buyer.shop.world.drain(now=now)
        return outcome

    def refusal(self, offer: UUID) -> str:
        quote = door.preview(TakeOffer(self.buyer.target, offer), actor=self.actor, now=self.buyer.shop.now)
        return quote.refusals[0].code if quote.refusals else ""

    def leaves(self, reason: str = "too_expensive") -> None:
        verb = Cancel(self.buyer.target, CancelWhen.PERIOD_END, reason)
        door.commit(verb, quote=None, actor=self.actor, now=self.buyer.shop.now)


def outcomes(shop: Shop) -> list[str]:
    """What became of the offers that were made, in their order."""
    with tenant(shop.world.id):
        return list(OfferMade.objects.for_partner(shop.world.id).order_by("pk").values_list("outcome", flat=True))


def answers(shop: Shop) -> list[tuple[str, bool, bool]]:
    """Reason, whether the customer said it, whether it left."""
    with tenant(shop.world.id):
        rows = ExitAnswer.objects.for_partner(shop.world.id).order_by("pk")
        return [(row.reason, row.by_customer, row.left_at is not None) for row in rows]
