"""The end of a trial today instead of on its day: the first paid period begins, and is charged."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from billing.rules.changes.dates import term_of
from billing.rules.changes.dropping import own_events
from billing.rules.changes.outcome import ChangeCaution, ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange, refuse_renewal_due, refuse_unserved
from billing.rules.facts import BillingFacts, ChangeFacts, TermFacts
from billing.rules.own_events import own_event
from billing.rules.plan import TermMove
from billing.rules.steps import plan_renewal
from partnerpanel.kernel.clock import start_of_day
from partnerpanel.kernel.period import Period
from subscriptions.rules.states import Lifecycle


def plan_trial_end(facts: ChangeFacts, *, ids: ChangeIds, now: datetime) -> Planned:
    """As at the trial's own end, on this day. Raises CannotChange with the reason."""
    billing, today = facts.billing, facts.billing.today(now)
    _refuse(billing, now)
    term = term_of(billing)
    period = Period(term.period.starts_on, today)
    ends_at = start_of_day(today, billing.zone)
    cut = replace(billing, term=TermFacts(term.number, period, ends_at), anchor_on=today, trial_ends_at=ends_at)
    plan = plan_renewal(cut, now=now, ids=(ids.document, ids.attempt))
    said = {"ends": [term.period.ends_on.isoformat(), today.isoformat()]}
    event = own_event(billing, "subscription.trial_cut_short", own_events(plan) + 1, **said)
    plan = replace(
        plan,
        facts=billing,
        events=(*plan.events, event),
        values={"anchor_on": today, "trial_ends_at": ends_at, **plan.values},
        dates=TermMove(term.number, period),
    )
    no_card = plan.invoice is not None and bool(plan.invoice.due) and plan.attempt is None
    return Planned(plan, facts.deal, cautions=(ChangeCaution.NO_CARD,) if no_card else ())


def _refuse(facts: BillingFacts, now: datetime) -> None:
    refuse_unserved(facts)
    if facts.lifecycle is not Lifecycle.TRIALING or facts.invoice is not None:
        raise CannotChange("no_trial", "No trial runs.")
    refuse_renewal_due(facts, now)
    if facts.cancel_at_period_end:
        raise CannotChange("cancelling", "It is cancelled and ends with its period. Keep it first.")
    if facts.is_held:
        raise CannotChange("held", "Nobody who is suspended is charged. Reactivate it first.")
    if facts.charging_stopped:
        raise CannotChange("charging_stopped", "Charging is stopped: nobody is charged until it goes on.")
    if facts.today(now) <= term_of(facts).period.starts_on:
        raise CannotChange("trial_began_today", "The trial began today. End it from tomorrow on.")
