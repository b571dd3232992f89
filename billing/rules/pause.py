"""The beginning and the end of a pause, as they happen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from billing.rules.changes.dates import on_grid, term_of
from billing.rules.facts import BillingFacts
from billing.rules.own_events import own_event
from billing.rules.plan import BillingPlan
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.money import Money
from subscriptions.rules.movements import counted, said
from subscriptions.rules.states import Access


def plan_paused(
    facts: BillingFacts, *, from_at: datetime, until_at: datetime | None, number: int = 1, **more: Any
) -> BillingPlan:
    """Access closes, and the renewal waits. Recurring revenue pauses too: nobody owes anything for these days."""
    none = Money.zero(facts.price.currency)
    event = own_event(
        facts,
        "subscription.paused",
        number,
        **{"from": local_date(from_at, facts.zone).isoformat()},
        **({"on": local_date(until_at, facts.zone).isoformat()} if until_at else {}),
        access=[facts.access, Access.BLOCKED],
        **said(facts.recurring, none),
        **more,
    )
    values = {
        "paused_from": from_at,
        "paused_until": until_at,
        "renewal_waits": True,
        "reminded_on": None,
        "access": Access.BLOCKED,
    }
    return BillingPlan(facts, events=(event,), values=values)


def plan_resumed(facts: BillingFacts, *, now: datetime) -> BillingPlan:
    """Access as the holds say. The renewal is due at once, its period beginning today; days that were paid for and are
    left come first."""
    today, term = facts.today(now), term_of(facts)
    access = Access.BLOCKED if facts.is_held or facts.is_being_set_up else Access.OPEN
    values: dict[str, Any] = {
        "paused_from": None,
        "paused_until": None,
        "access": access,
        "renewal_waits": today >= term.period.ends_on,
    }
    cut_off = not on_grid(term.period.ends_on, anchor=facts.anchor_on, interval=facts.interval)
    if cut_off and today <= term.period.ends_on:
        values["anchor_on"] = term.period.ends_on
    began_at = facts.paused_from or now
    event = own_event(
        facts,
        "subscription.resumed",
        1,
        **{"from": local_date(began_at, facts.zone).isoformat()},
        on=max(today, term.period.ends_on).isoformat(),
        access=[facts.access, access],
        **said(facts.recurring, counted(facts.lifecycle, facts.mrr)),
    )
    return BillingPlan(facts, events=(event,), values=values)
