"""Somebody who was to come back does not: the subscription stays ended, as it was. Pure."""

from __future__ import annotations

from datetime import datetime

from billing.rules.facts import BillingFacts
from billing.rules.own_events import own_event, with_note
from billing.rules.papers import voiding
from billing.rules.plan import BillingPlan, CaseDraft
from subscriptions.rules.coupons import CouponEnd
from subscriptions.rules.states import Collection, Lifecycle


def plan_return_dropped(facts: BillingFacts, *, why: str, note: str = "", now: datetime) -> BillingPlan:
    """It has ended when it ended, its invoice is taken back, and a coupon for the return counts for no limit."""
    event = with_note(own_event(facts, "subscription.restart_dropped", why=why), note)
    move, voided = voiding(facts)
    unused = facts.coupon is not None and facts.term is not None and facts.coupon.used(facts.term.number) == 0
    return BillingPlan(
        facts,
        events=(event, *voided),
        values={
            "lifecycle": Lifecycle.ENDED,
            "ended_at": facts.ended_before,
            "ended_before": None,
            "collection": Collection.CURRENT,
            "is_suspended": False,
        },
        move=move,
        case=CaseDraft(facts.case.id, {"closed_at": now}) if facts.case else None,
        coupon_ends=CouponEnd(facts.coupon.id, withdrawn=True) if facts.coupon and unused else None,
    )
