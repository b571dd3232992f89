"""Restart: a subscription that has ended is taken up again, by its customer or by staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from billing.queries.billed_ahead import billed_ahead
from billing.rules.changes.coupon import CouponRefused
from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.changes.restarting import RestartWish, plan_restart
from billing.rules.facts import ChangeFacts
from billing.rules.subscribing import FirstPayment
from partnerpanel.actions.money_plan import MoneyPlan, coupons_of
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import Rule, SubscriptionVerb
from partnerpanel.actions.verb import Target
from partnerpanel.offers.queries.along import codes_given, gifts
from partnerpanel.offers.rules.offers import Moment
from partnerpanel.offers.services.making import note_gifts
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.changes import plans_at
from subscriptions.queries.coupons import hold_coupon, offer_of_code


@dataclass(frozen=True, slots=True)
class Restart(SubscriptionVerb):
    """On the plan that it had, with what the first rule that fits offers to who comes back."""

    name: ClassVar[str] = "restart"

    targets: tuple[Target, ...]
    first_payment: FirstPayment = FirstPayment.CARD

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.CHANGE_PLAN})

    def inputs(self) -> dict[str, Any]:
        return {"first_payment": self.first_payment.value}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, FirstPayment(inputs["first_payment"]))

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> list[MoneyPlan]:
        """Coupons are locked before the subscriptions are: who comes second counts the redemption of the first."""
        for code in codes_given(partner_id, Moment.AFTER_END) if lock else ():
            hold_coupon(partner_id, code)
        return SubscriptionVerb.plan(self, partner_id=partner_id, now=now, lock=lock)

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        newest = {one.billing.subscription_id: one.billing.term.number for one in facts if one.billing.term}
        on_sale = {
            (plan.id, plan.price.currency): plan
            for currency in {one.billing.price.currency for one in facts}
            for plan in plans_at(partner_id, currency, {one.billing.plan_id for one in facts})
        }
        billed = billed_ahead(partner_id, newest)

        def planned(one: ChangeFacts, ids: ChangeIds, now: datetime) -> Planned:
            billing = one.billing
            wish = RestartWish(
                on_sale.get((billing.plan_id, billing.price.currency)),
                self.first_payment,
                owed=billing.subscription_id in billed,
            )
            plain = plan_restart(one, wish, ids=ids, now=now)
            given = gifts(partner_id, [billing.subscription_id], moment=Moment.AFTER_END, now=now)
            for gift in given.get(billing.subscription_id, ()):
                coupon = offer_of_code(partner_id, gift.code, {billing.customer_id})
                try:
                    return plan_restart(one, replace(wish, coupon=coupon), ids=ids, now=now)
                except CouponRefused:
                    continue
            return plain

        return planned

    def apply(self, plans: Sequence[MoneyPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
        """What a rule has offered is open until the return is paid, or given up."""
        coupons = coupons_of(plans)
        given = gifts(actor.partner_id, coupons, moment=Moment.AFTER_END, now=now) if coupons else {}
        SubscriptionVerb.apply(self, plans, actor=actor, action_id=action_id, now=now)
        note_gifts(given, coupons, actor=actor, now=now)
