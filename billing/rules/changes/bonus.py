"""Free months for those who stay: the running period ends later, and nothing is invoiced for it. Pure."""

from __future__ import annotations

from billing.rules.changes.dates import after_months, moved_end, said_dates, term_of
from billing.rules.changes.outcome import Planned
from billing.rules.changes.refusals import CannotChange, refuse_paused, refuse_unserved
from billing.rules.facts import BillingFacts, ChangeFacts
from billing.rules.own_events import own_event
from billing.rules.papers import LOYALTY
from billing.rules.plan import BillingPlan
from subscriptions.rules.changes import ChangeState


def can_wait(billing: BillingFacts) -> bool:
    """Whether something is under way that counts with the dates as they are."""
    awaits = billing.change is not None and billing.change.state is ChangeState.AWAITING
    return billing.is_charging or billing.change_invoice is not None or awaits


def plan_bonus(facts: ChangeFacts, *, months: int, after: int) -> Planned:
    """So many months more for `after` paid ones. Raises CannotChange for who leaves, is paused, or owes something."""
    billing = facts.billing
    refuse_unserved(billing)
    refuse_paused(billing)
    if billing.cancel_at_period_end:
        raise CannotChange("cancelling", "It is cancelled and ends with its period.")
    if billing.invoice is not None or billing.case is not None:
        raise CannotChange("unpaid", "An invoice is not paid yet.")
    ending = after_months(
        months, after=term_of(billing).period.ends_on, anchor=billing.anchor_on, interval=billing.interval
    )
    dates, values = moved_end(billing, ending, granted_for=LOYALTY)
    said = {"months": months, "after": after, **said_dates(billing, ending)}
    event = own_event(billing, "subscription.loyalty_bonus", **said)
    return Planned(BillingPlan(billing, events=(event,), values=values, dates=dates), facts.deal)
