"""A renewal skipped: the running period lasts one interval longer, for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from billing.rules.changes.dates import moved_end, one_later, said_dates
from billing.rules.changes.dropping import own_events, plan_unpaid_dropped
from billing.rules.changes.outcome import ChangeCaution, Planned
from billing.rules.changes.refusals import CannotChange, refuse_renewal_due, refuse_unserved, refuse_unsettled
from billing.rules.facts import ChangeFacts
from billing.rules.own_events import own_event, with_note
from billing.rules.plan import BillingPlan
from subscriptions.rules.states import Lifecycle

SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class SkipWish:
    note: str


def plan_skip(facts: ChangeFacts, wish: SkipWish, *, now: datetime) -> Planned:
    """The next renewal left out. Raises CannotChange with the reason."""
    billing = facts.billing
    refuse_unserved(billing)
    refuse_unsettled(billing)
    refuse_renewal_due(billing, now)
    if billing.lifecycle is Lifecycle.TRIALING:
        raise CannotChange("trialing", "Nothing is renewed in a trial. Extend it instead.")
    if billing.cancel_at_period_end:
        raise CannotChange("cancelling", "It is cancelled and is not renewed. Keep it first.")
    if not wish.note.strip():
        raise CannotChange("note_required", "A note says why it is skipped.", field="note")
    ending = one_later(billing)
    dates, values = moved_end(billing, ending, granted_for=SKIPPED)
    dropped = plan_unpaid_dropped(billing, why=SKIPPED)
    event = own_event(billing, "subscription.renewal_skipped", own_events(dropped) + 1, **said_dates(billing, ending))
    plan = BillingPlan(
        billing,
        events=(*dropped.events, with_note(event, wish.note)),
        values=values,
        void=dropped.void,
        changes=dropped.changes,
        dates=dates,
    )
    return Planned(plan, facts.deal, cautions=(ChangeCaution.REPLACES_SCHEDULED,) if dropped.changes else ())
