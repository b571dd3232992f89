"""Change plan: to any plan that is sold, at once or at the next billing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from billing.rules.changes.coupon import CouponRefused
from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.changes.plan_change import ChangeWish, plan_change
from billing.rules.changes.refusals import CannotChange
from billing.rules.facts import ChangeFacts
from partnerpanel.actions.money_plan import MoneyPlan, coupons_of
from partnerpanel.actions.offers import deal_from, offers_of
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import Rule, SubscriptionVerb
from partnerpanel.actions.verb import Target
from partnerpanel.offers.queries.along import codes_given, gifts
from partnerpanel.offers.rules.offers import Moment
from partnerpanel.offers.services.making import note_gifts
from partnerpanel.policy.rules.change import Anchor, Unpaid, When
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.coupons import hold_coupon, offer_of_code
from subscriptions.rules.changes import Direction


@dataclass(frozen=True, slots=True)
class ChangePlan(SubscriptionVerb):
    """`when`, `anchor` and `unpaid` left out are the policy's."""

    name: ClassVar[str] = "change_plan"

    targets: tuple[Target, ...]
    plan_id: UUID
    when: When | None = None
    anchor: Anchor | None = None
    unpaid: Unpaid | None = None

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.CHANGE_PLAN})

    def inputs(self) -> dict[str, Any]:
        return {"plan": str(self.plan_id), "when": self.when, "anchor": self.anchor, "unpaid": self.unpaid}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(
            targets,
            UUID(inputs["plan"]),
            When(inputs["when"]) if inputs["when"] else None,
            Anchor(inputs["anchor"]) if inputs["anchor"] else None,
            Unpaid(inputs["unpaid"]) if inputs["unpaid"] else None,
        )

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> list[MoneyPlan]:
        """Coupons are locked before the subscriptions are: who comes second counts the redemption of the first."""
        for code in codes_given(partner_id, Moment.UPGRADE) if lock else ():
            hold_coupon(partner_id, code)
        return SubscriptionVerb.plan(self, partner_id=partner_id, now=now, lock=lock)

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        """Who goes up gets what the first rule that fits gives for it."""
        plain, taken = self.without_gift(facts, partner_id=partner_id), Counter[str]()

        def planned(one: ChangeFacts, ids: ChangeIds, now: datetime) -> Planned:
            found, id_ = plain(one, ids, now), one.billing.subscription_id
            change = found.plan.change
            if change is None or change.change.direction is not Direction.UP:
                return found
            for gift in gifts(partner_id, [id_], moment=Moment.UPGRADE, now=now, to_plan=self.plan_id).get(id_, ()):
                coupon = offer_of_code(partner_id, gift.code, {one.billing.customer_id})
                if coupon is None:
                    continue
                left = replace(coupon, redeemed=coupon.redeemed + taken[gift.code])
                wish = ChangeWish(change.change.deal, self.when, self.anchor, self.unpaid, coupon=left)
                try:
                    given = plan_change(one, wish, ids=ids, now=now)
                except CouponRefused:
                    continue
                taken[gift.code] += given.plan.coupon is not None
                return given
            return found

        return planned

    def apply(self, plans: Sequence[MoneyPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
        """What came along is open until the change has happened, or does not."""
        coupons = coupons_of(plans)
        given = (
            gifts(actor.partner_id, coupons, moment=Moment.UPGRADE, now=now, to_plan=self.plan_id) if coupons else {}
        )
        SubscriptionVerb.apply(self, plans, actor=actor, action_id=action_id, now=now)
        note_gifts(given, coupons, actor=actor, now=now)

    def without_gift(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        """The change alone."""
        offers = offers_of(self.plan_id, facts, partner_id=partner_id)

        def planned(one: ChangeFacts, ids: ChangeIds, now: datetime) -> Planned:
            if one.deal.plan.id == self.plan_id:
                raise CannotChange("same_plan", _("It is on this plan already."), field="plan")
            wish = ChangeWish(deal_from(offers, one), self.when, self.anchor, self.unpaid)
            return plan_change(one, wish, ids=ids, now=now)

        return planned
