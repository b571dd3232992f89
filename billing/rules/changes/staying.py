"""What was cancelled goes on after all, with a coupon from the next billing on. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from billing.rules.changes.cancelling import plan_keep
from billing.rules.changes.coupon import plan_coupon
from billing.rules.changes.dropping import own_events
from billing.rules.changes.outcome import Planned
from billing.rules.facts import ChangeFacts
from subscriptions.rules.coupons import CouponOffer


def plan_stay(facts: ChangeFacts, offer: CouponOffer | None, *, id_: UUID, on: date) -> Planned:
    """Both or neither. Raises CannotChange where it was not cancelled, CouponRefused where the coupon cannot be had."""
    kept = plan_keep(facts)
    goes_on = replace(facts, billing=replace(facts.billing, cancel_at_period_end=False))
    redeemed = plan_coupon(goes_on, offer, id_=id_, on=on).plan
    first = own_events(kept.plan)
    events = tuple(replace(event, sequence=event.sequence + first) for event in redeemed.events)
    plan = replace(
        kept.plan,
        events=(*kept.plan.events, *events),
        coupon=redeemed.coupon,
        coupon_ends=redeemed.coupon_ends,
    )
    return replace(kept, plan=plan)
