"""A coupon redeemed on a subscription, or taken off it: from the next billing on. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from billing.rules.changes.dates import term_of
from billing.rules.changes.dropping import own_events
from billing.rules.changes.outcome import Planned
from billing.rules.changes.refusals import CannotChange, refuse_unserved, refuse_unsettled
from billing.rules.facts import BillingFacts, ChangeFacts
from billing.rules.own_events import own_event
from billing.rules.plan import BillingPlan
from partnerpanel.events.drafts import EventDraft
from subscriptions.rules.changes import ChangeState
from subscriptions.rules.coupons import CouponEnd, CouponOffer, HeldCoupon
from subscriptions.rules.movements import said

NOTHING_MOVED: Mapping[str, Any] = {}


class CouponRefused(CannotChange):
    """The coupon cannot be redeemed here; nothing is written."""

    code = "coupon_refused"
    says: ClassVar[str] = "The coupon cannot be redeemed here."

    def __init__(self) -> None:
        super().__init__(self.code, self.says, field="coupon")


class UnknownCoupon(CouponRefused):
    """No coupon has this code."""

    code = "coupon_unknown"
    says = "There is no coupon with this code."


class CouponExpired(CouponRefused):
    """The coupon is archived, or its last day is over."""

    code = "coupon_expired"
    says = "This coupon is not valid any more."


class CouponNotYetValid(CouponRefused):
    """The coupon's first day lies ahead."""

    code = "coupon_not_yet_valid"
    says = "This coupon is not valid yet."


class CouponUsedUp(CouponRefused):
    """All redemptions of the coupon are taken, or all of this customer."""

    code = "coupon_used_up"
    says = "This coupon is used up."


class CouponOfOtherPlan(CouponRefused):
    """The coupon does not go with the plan that is bought."""

    code = "coupon_other_plan"
    says = "This coupon does not go with this plan."


class CouponInOtherCurrency(CouponRefused):
    """The coupon's amount is in another currency than the subscription."""

    code = "coupon_other_currency"
    says = "This coupon is in another currency."


class HasCoupon(CouponRefused):
    """The subscription has a coupon already, this one or another."""

    code = "coupon_held"
    says = "It has a coupon already. Remove that one first."


class NoCoupon(CouponRefused):
    """The subscription has no coupon to remove."""

    code = "no_coupon"
    says = "It has no coupon."


def plan_coupon(facts: ChangeFacts, offer: CouponOffer | None, *, id_: UUID, on: date) -> Planned:
    """It takes off from the next period on; what is paid already stays as it is. Raises CannotChange, CouponRefused."""
    billing = facts.billing
    refuse_unserved(billing)
    refuse_unsettled(billing)
    if billing.cancel_at_period_end:
        raise CannotChange("cancelling", "It is cancelled and ends with its period. Keep it first.")
    before = held_on(billing)
    if before is not None:
        raise HasCoupon
    held = redeemed(billing, offer, plan_id=_next_plan(facts), id_=id_, on=on)
    plan = BillingPlan(
        billing,
        events=(redeemed_event(billing, held, moved=said(billing.recurring, replace(billing, coupon=held).counts)),),
        coupon=held,
        coupon_ends=CouponEnd(billing.coupon.id) if billing.coupon else None,
    )
    return Planned(plan, facts.deal)


def plan_coupon_removed(facts: ChangeFacts) -> Planned:
    """Nothing is taken off from the next period on; one never used counts for no limit. Raises CannotChange."""
    billing = facts.billing
    refuse_unserved(billing)
    held = held_on(billing)
    if held is None:
        raise NoCoupon
    refuse_unsettled(billing)
    withdrawn = held.used(term_of(billing).number) == 0
    moved = said(billing.recurring, replace(billing, coupon=None).counts)
    event = own_event(billing, "subscription.coupon_removed", coupon=str(held.coupon_id), code=held.code, **moved)
    return Planned(BillingPlan(billing, events=(event,), coupon_ends=CouponEnd(held.id, withdrawn)), facts.deal)


def held_on(billing: BillingFacts) -> HeldCoupon | None:
    """The coupon that still takes something off a term to come."""
    number = billing.term.number if billing.term else 0
    return billing.coupon if billing.coupon and not billing.coupon.is_over(number) else None


def redeemed(
    billing: BillingFacts,
    offer: CouponOffer | None,
    *,
    plan_id: UUID,
    id_: UUID,
    on: date,
    from_term: int | None = None,
) -> HeldCoupon:
    """The coupon as it is held from then on, by default from the next term. Raises CouponRefused with what is wrong."""
    if offer is None:
        raise UnknownCoupon
    if offer.is_archived or (offer.until_on is not None and on >= offer.until_on):
        raise CouponExpired
    if offer.from_on is not None and on < offer.from_on:
        raise CouponNotYetValid
    if offer.plan_ids is not None and plan_id not in offer.plan_ids:
        raise CouponOfOtherPlan
    if offer.discount.amount is not None and offer.discount.amount.currency != billing.price.currency:
        raise CouponInOtherCurrency
    if offer.is_used_up(billing.customer_id):
        raise CouponUsedUp
    number = from_term or (billing.term.number + 1 if billing.term else 1)
    return offer.held(id_, from_term=number)


def redeemed_event(
    billing: BillingFacts, held: HeldCoupon, number: int = 1, *, moved: Mapping[str, Any] = NOTHING_MOVED
) -> EventDraft:
    """What is written in the subscription's history; `moved` is what recurring revenue does with it."""
    return own_event(
        billing,
        "subscription.coupon_redeemed",
        number,
        coupon=str(held.coupon_id),
        code=held.code,
        held=str(held.id),
        from_term=held.from_term,
        periods=held.discount.periods,
        **moved,
    )


def with_coupon(plan: BillingPlan, held: HeldCoupon) -> BillingPlan:
    """The beginning of a subscription with the coupon that it was sold with."""
    event = redeemed_event(plan.facts, held, own_events(plan) + 1)
    return replace(plan, events=(*plan.events, event), coupon=held)


def _next_plan(facts: ChangeFacts) -> UUID:
    """The plan that the next period is bought on."""
    change = facts.billing.change
    agreed = change is not None and change.state is ChangeState.SCHEDULED
    return change.deal.plan.id if change is not None and agreed else facts.deal.plan.id
