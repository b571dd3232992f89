"""Who has not paid by the deadline goes on with the free plan of the product."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from billing.rules.addon_ends import ends
from billing.rules.addons import with_addons
from billing.rules.changes.dropping import own_events, plan_unpaid_dropped
from billing.rules.changes.effect import effect_of
from billing.rules.facts import BillingFacts, Fallback
from billing.rules.limits import with_full_access
from billing.rules.papers import voiding
from billing.rules.plan import BillingPlan, CaseDraft, ChangeDraft
from partnerpanel.kernel.period import nth_period
from subscriptions.rules.changes import ChangeKind, ChangeState, Direction, OpenChange
from subscriptions.rules.states import Collection


def plan_fallback(facts: BillingFacts, fallback: Fallback, *, now: datetime, change_id: UUID) -> BillingPlan:
    """The unpaid renewal is not owed any more; a free period begins today, and access stays open."""
    today = facts.today(now)
    period = nth_period(anchor=today, interval=fallback.free.plan.interval, n=0)
    change = OpenChange(
        change_id,
        ChangeKind.PLAN,
        ChangeState.APPLIED,
        fallback.free,
        Direction.DOWN,
        starts_on=today,
        ends_on=period.ends_on,
        anchor_on=today,
    )
    dropped = plan_unpaid_dropped(facts, why="unpaid")
    move, voided = voiding(facts)
    paid_for = with_addons(facts, [one for one in facts.addons if not one.recurs])
    effect = effect_of(paid_for, change, number=own_events(dropped) + 1)
    plan = BillingPlan(
        facts,
        events=(*dropped.events, effect.event, *voided),
        values={**effect.values, "collection": Collection.CURRENT},
        move=move,
        void=dropped.void,
        case=CaseDraft(facts.case.id, {"closed_at": now}) if facts.case else None,
        term=effect.term,
        addon_moves=ends([one for one in facts.addons if one.recurs], now),
        change=ChangeDraft(change, ChangeState.APPLIED, fallback.before),
        changes=dropped.changes,
    )
    return with_full_access(plan)
