"""Coupons of a subscription: redeemed, taken off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from billing.rules.changes.coupon import plan_coupon, plan_coupon_removed
from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.facts import ChangeFacts
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import Rule, SubscriptionVerb
from partnerpanel.actions.verb import Target
from subscriptions.queries.coupons import hold_coupon, offer_of_code
from subscriptions.rules.coupons import CouponOffer


@dataclass(frozen=True, slots=True)
class ApplyCoupon(SubscriptionVerb):
    """The coupon with that code takes off from the next billing on. So many redemptions are `taken` by what a job has
    planned before these targets."""

    name: ClassVar[str] = "apply_coupon"

    targets: tuple[Target, ...]
    code: str
    taken: int = 0

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.CHANGE_PLAN})

    def inputs(self) -> dict[str, Any]:
        return {"code": self.code}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, inputs["code"])

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> list[MoneyPlan]:
        """The coupon is locked before the subscriptions are: who comes second counts the redemption of the first."""
        if lock:
            hold_coupon(partner_id, self.code)
        return SubscriptionVerb.plan(self, partner_id=partner_id, now=now, lock=lock)

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        offer = offer_of_code(partner_id, self.code, {one.billing.customer_id for one in facts})
        left = [replace(offer, redeemed=offer.redeemed + self.taken) if offer else None]

        def planned(one: ChangeFacts, ids: ChangeIds, now: datetime) -> Planned:
            found = plan_coupon(one, left[0], id_=ids.change, on=one.billing.today(now))
            left[0] = _less_one(left[0], one.billing.customer_id)
            return found

        return planned


@dataclass(frozen=True, slots=True)
class RemoveCoupon(SubscriptionVerb):
    """Nothing is taken off from the next billing on."""

    name: ClassVar[str] = "remove_coupon"
    while_banned: ClassVar[bool] = True

    targets: tuple[Target, ...]

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.CHANGE_PLAN})

    def inputs(self) -> dict[str, Any]:
        return {}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], _: Mapping[str, Any]) -> Self:
        return cls(targets)

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        return lambda one, _ids, _now: plan_coupon_removed(one)


def _less_one(offer: CouponOffer | None, customer_id: UUID) -> CouponOffer | None:
    """What is left for the next of a list."""
    if offer is None:
        return None
    mine = offer.redeemed_by.get(customer_id, 0) + 1
    return replace(offer, redeemed=offer.redeemed + 1, redeemed_by={**offer.redeemed_by, customer_id: mine})
