"""Add-ons that are over: those that expire, and those that the next term does without. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from billing.rules.addons import left_behind, with_addons
from billing.rules.facts import BillingFacts
from billing.rules.own_events import own_event
from billing.rules.plan import BillingPlan
from partnerpanel.events.drafts import EventDraft
from subscriptions.rules.addons import AddonMove, HeldAddon
from subscriptions.rules.movements import said


def next_expiry(facts: BillingFacts) -> datetime | None:
    """When the first of them expires."""
    return min((one.ends_at for one in facts.addons if one.ends_at), default=None)


def plan_addons_over(facts: BillingFacts, *, now: datetime) -> BillingPlan:
    """Those that have expired by now, and where the term is over those that do not go on."""
    over = [one for one in facts.addons if one.ends_at and one.ends_at <= now]
    if facts.term is not None and facts.term.ends_at <= now and facts.case is None and facts.invoice is None:
        over += left_behind(facts)
    return BillingPlan(facts, events=(ended(facts, over),), addon_moves=ends(over, now))


def ended(facts: BillingFacts, over: Sequence[HeldAddon], *, number: int = 1) -> EventDraft:
    """The event that says so, with the recurring revenue that goes."""
    gone = {one.id for one in over}
    after = with_addons(facts, [one for one in facts.addons if one.id not in gone])
    return own_event(
        facts,
        "subscription.addons_ended",
        number,
        addons=[str(one.offer.id) for one in over],
        held=[str(one.id) for one in over],
        **said(facts.recurring, after.counts),
    )


def ends(over: Sequence[HeldAddon], now: datetime) -> tuple[AddonMove, ...]:
    """Their rows, ended."""
    return tuple(AddonMove(one.id, {"ended_at": now}) for one in over)
