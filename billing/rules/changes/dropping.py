"""A change that is not wanted any more, or was not paid in time."""

from __future__ import annotations

from billing.rules.facts import BillingFacts
from billing.rules.own_events import own_event
from billing.rules.papers import voided
from billing.rules.plan import BillingPlan, ChangeMove
from subscriptions.rules.changes import ChangeState


def plan_dropped(facts: BillingFacts, *, why: str) -> BillingPlan:
    """The open change is dropped, and the invoice that it waits for taken back; nothing where none is open."""
    if facts.change is None:
        return BillingPlan(facts)
    change = facts.change
    event = own_event(
        facts,
        "subscription.change_dropped",
        change=str(change.id),
        what=change.kind.value,
        plan=[str(facts.plan_id), str(change.deal.plan.id)],
        quantity=[facts.quantity, change.deal.quantity],
        why=why,
    )
    moves = (ChangeMove(change.id, ChangeState.CANCELLED),)
    invoice = facts.change_invoice
    if invoice is None:
        return BillingPlan(facts, events=(event,), changes=moves)
    void, gone = voided(facts, invoice)
    return BillingPlan(facts, events=(event, gone), changes=moves, void=void)


def plan_unpaid_dropped(facts: BillingFacts, *, why: str) -> BillingPlan:
    """The open change is dropped where it waits for its payment: what it was to set fits the dates no more. One that
    waits for the renewal stays."""
    waits = facts.change is not None and facts.change.state is ChangeState.AWAITING
    return plan_dropped(facts, why=why) if waits else BillingPlan(facts)


def own_events(plan: BillingPlan) -> int:
    """How many of the plan's events are the subscription's own: the next one's number is one more."""
    return sum(event.object_id == plan.facts.subscription_id for event in plan.events)
