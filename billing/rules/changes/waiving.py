"""What is owed is forgiven: the unpaid period is given, and access opens."""

from __future__ import annotations

from datetime import datetime

from billing.rules.changes.dates import Ending, moved_end, said_dates
from billing.rules.changes.dropping import own_events, plan_unpaid_dropped
from billing.rules.changes.extension import is_over
from billing.rules.changes.outcome import ChangeCaution, Planned
from billing.rules.changes.refusals import CannotChange, refuse_paused, refuse_unserved
from billing.rules.facts import BillingFacts, ChangeFacts
from billing.rules.limits import with_full_access
from billing.rules.own_events import own_event, with_note
from billing.rules.papers import voiding
from billing.rules.plan import BillingPlan, CaseDraft
from partnerpanel.kernel.period import period_on
from subscriptions.rules.states import Collection

WAIVED = "waived"


def plan_waiver(facts: ChangeFacts, *, note: str, now: datetime) -> Planned:
    """The open renewal is not owed any more, and service runs until the next billing date without a payment.

    Collection ends, and a nonpayment hold with it. Raises CannotChange where nothing is owed.
    """
    billing = facts.billing
    refuse_unserved(billing)
    refuse_paused(billing)
    if billing.invoice is None and not is_over(billing):
        raise CannotChange("nothing_owed", "Nothing is owed for it.")
    ending = _ending(billing, now)
    dates, values = moved_end(billing, ending, granted_for=WAIVED)
    dropped = plan_unpaid_dropped(billing, why=WAIVED)
    move, voided = voiding(billing)
    event = own_event(
        billing, "subscription.extended", own_events(dropped) + 1, asked={WAIVED: True}, **said_dates(billing, ending)
    )
    plan = BillingPlan(
        billing,
        events=(*dropped.events, with_note(event, note), *voided),
        values={**values, "collection": Collection.CURRENT, "renewal_waits": False},
        move=move,
        void=dropped.void,
        dates=dates,
        changes=dropped.changes,
        case=CaseDraft(billing.case.id, {"closed_at": now}) if billing.case else None,
        release=is_over(billing),
    )
    cautions = (ChangeCaution.REPLACES_SCHEDULED,) if dropped.changes else ()
    return Planned(
        with_full_access(plan), facts.deal, cautions=(*cautions, *((ChangeCaution.VOIDS_OPEN_INVOICE,) if move else ()))
    )


def _ending(billing: BillingFacts, now: datetime) -> Ending:
    """The end of the anchor's period that runs today, so that every date stays."""
    _, running = period_on(anchor=billing.anchor_on, interval=billing.interval, day=billing.today(now))
    ends_on = running.ends_on
    if billing.term is not None:
        ends_on = max(ends_on, billing.term.period.ends_on)
    return Ending(ends_on, billing.anchor_on)
