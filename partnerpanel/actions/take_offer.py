"""An offer is taken: what it promises, done by the verb that does so anyway, and recorded as taken with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange
from billing.rules.changes.staying import plan_stay
from billing.rules.facts import ChangeFacts
from partnerpanel.actions.change_plan import ChangePlan
from partnerpanel.actions.coupons import ApplyCoupon
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.pause import Pause, PauseWhen
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import Rule, SubscriptionVerb
from partnerpanel.actions.verb import Target
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.errors import NotFound
from partnerpanel.offers.queries.made import MadeOffer, made_offer, was_taken
from partnerpanel.offers.rules.offers import Moment, Offer, OfferKind, Outcome, pause_until
from partnerpanel.offers.services.making import settle_taken
from partnerpanel.policy.rules.change import When
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.coupons import hold_coupon, offer_of_code


@dataclass(frozen=True, slots=True)
class TakeOffer(SubscriptionVerb):
    """The offer with that id, by the one it was made to, once. What was shown is kept, whatever became of its rule."""

    name: ClassVar[str] = "take_offer"

    targets: tuple[Target, ...]
    offer_id: UUID

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.CANCEL})

    def inputs(self) -> dict[str, Any]:
        return {"offer": str(self.offer_id)}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, UUID(inputs["offer"]))

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> list[MoneyPlan]:
        """A coupon is locked before the subscription is, as when it is redeemed without an offer."""
        if lock and (code := made_offer(partner_id, self.offer_id).code):
            hold_coupon(partner_id, code)
        return SubscriptionVerb.plan(self, partner_id=partner_id, now=now, lock=lock)

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        made = made_offer(partner_id, self.offer_id)
        if any(one.billing.subscription_id != made.subscription_id for one in facts):
            raise NotFound("There is no such offer.", field="offer")
        taken = made.outcome is Outcome.TAKEN or was_taken(partner_id, made.subscription_id, made.rule_id)

        def planned(one: ChangeFacts, ids: ChangeIds, now: datetime) -> Planned:
            if taken:
                raise CannotChange("offer_taken", "This offer was taken already.", field="offer")
            if made.outcome is not Outcome.OPEN:
                raise CannotChange("offer_over", "This offer is not open any more.", field="offer")
            found = _planned(made, one, ids, partner_id, now)
            return replace(found, plan=replace(found.plan, events=(*found.plan.events, _taken(made))))

        return planned

    def apply(self, plans: Sequence[MoneyPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
        SubscriptionVerb.apply(self, plans, actor=actor, action_id=action_id, now=now)
        settle_taken(self.offer_id, actor=actor, now=now)


def promised(offer: Offer, code: str, facts: ChangeFacts, *, partner_id: UUID) -> Rule:
    """What the verb that does this anyway would plan; `code` is that of the coupon. Raises CannotChange."""
    if offer.kind is OfferKind.COUPON:
        return ApplyCoupon((), code).rule([facts], partner_id=partner_id)
    if offer.kind is OfferKind.PAUSE:
        term = facts.billing.term
        if term is None:
            raise CannotChange("not_started", "This subscription has not begun to be billed here.")
        until = pause_until(term.period.ends_on, offer.pause_months or 1)
        return Pause((), PauseWhen.PERIOD_END, until).rule([facts], partner_id=partner_id)
    if offer.plan_id is None:
        raise TypeError("an offer of a plan names it")
    return ChangePlan((), offer.plan_id, When.PERIOD_END).without_gift([facts], partner_id=partner_id)


def _planned(made: MadeOffer, facts: ChangeFacts, ids: ChangeIds, partner_id: UUID, now: datetime) -> Planned:
    """What was cancelled goes on with it."""
    if made.moment is not Moment.BEFORE_END:
        return promised(made.offer, made.code, facts, partner_id=partner_id)(facts, ids, now)
    coupon = offer_of_code(partner_id, made.code, {facts.billing.customer_id})
    return plan_stay(facts, coupon, id_=ids.change, on=facts.billing.today(now))


def _taken(made: MadeOffer) -> EventDraft:
    data = {"subscription": str(made.subscription_id), "rule": str(made.rule_id), "moment": made.moment.value}
    return EventDraft("offer.taken", "offer", made.id, 2, made.customer_id, data)
