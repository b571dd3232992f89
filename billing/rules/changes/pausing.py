"""A pause: access closed and nothing billed, from the period's end or from now; and its end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from billing.rules.changes.dates import cut_today, term_of
from billing.rules.changes.dropping import own_events, plan_unpaid_dropped
from billing.rules.changes.lines import document_of, unused_lines
from billing.rules.changes.outcome import ChangeCaution, ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange, refuse_renewal_due, refuse_unserved, refuse_unsettled
from billing.rules.facts import BillingFacts, ChangeFacts
from billing.rules.own_events import own_event, with_note
from billing.rules.papers import noted
from billing.rules.pause import plan_paused, plan_resumed
from billing.rules.plan import BillingPlan
from partnerpanel.kernel.clock import local_date, start_of_day
from subscriptions.rules.states import Lifecycle

PAUSED = "paused"


class PauseWhen(StrEnum):
    NOW = "now"
    PERIOD_END = "period_end"


@dataclass(frozen=True, slots=True)
class PauseWish:
    """From when, and until which local day; without one, until somebody resumes it."""

    when: PauseWhen
    until: date | None = None
    note: str = ""


def plan_pausing(facts: ChangeFacts, wish: PauseWish, *, ids: ChangeIds, now: datetime) -> Planned:
    """The pause as asked for. From now on, the unused days go to the balance. Raises CannotChange with the reason."""
    billing = facts.billing
    refuse_unserved(billing)
    refuse_unsettled(billing)
    refuse_renewal_due(billing, now)
    if billing.lifecycle is Lifecycle.TRIALING:
        raise CannotChange("trialing", "A trial is not paused. Extend it instead.")
    if billing.cancel_at_period_end:
        raise CannotChange("cancelling", "It is cancelled and ends with its period. Keep it first.")
    if wish.when is PauseWhen.PERIOD_END:
        return _at_period_end(facts, wish)
    return _now(facts, wish, ids, now)


def plan_resumption(facts: ChangeFacts, *, now: datetime) -> Planned:
    """The end of a pause: access as the holds say, and the renewal due at once, its new period beginning that day.

    A pause that has not begun is withdrawn. Raises CannotChange where there is none.
    """
    billing = facts.billing
    refuse_unserved(billing)
    if billing.paused_from is None:
        raise CannotChange("not_paused", "It is not paused.")
    if billing.is_paused:
        return Planned(plan_resumed(billing, now=now), facts.deal)
    begins_on = local_date(billing.paused_from, billing.zone)
    event = own_event(billing, "subscription.pause_withdrawn", on=begins_on.isoformat())
    return Planned(
        BillingPlan(billing, events=(event,), values={"paused_from": None, "paused_until": None}), facts.deal
    )


def _at_period_end(facts: ChangeFacts, wish: PauseWish) -> Planned:
    billing, term = facts.billing, term_of(facts.billing)
    if billing.paused_from is not None:
        raise CannotChange("pausing", "It is to be paused already. Withdraw that first.")
    until_at = _until(billing, wish, term.ends_at)
    event = own_event(
        billing,
        "subscription.pause_scheduled",
        1,
        **{"from": term.period.ends_on.isoformat()},
        **({"on": wish.until.isoformat()} if wish.until else {}),
    )
    values = {"paused_from": term.ends_at, "paused_until": until_at}
    plan = BillingPlan(billing, events=(with_note(event, wish.note),), values=values)
    return Planned(plan, facts.deal, at_once=False)


def _now(facts: ChangeFacts, wish: PauseWish, ids: ChangeIds, now: datetime) -> Planned:
    billing, term = facts.billing, term_of(facts.billing)
    until_at = _until(billing, wish, now)
    dropped = plan_unpaid_dropped(billing, why=PAUSED)
    lines = unused_lines(facts, billing.today(now))
    note = document_of(
        facts,
        lines,
        id_=ids.document,
        note_id=ids.note,
        reason=PAUSED,
        term_number=term.number,
        on=billing.today(now),
    ).credit_note
    dates = cut_today(billing, now)
    ends = [term.period.ends_on.isoformat(), (dates or term).period.ends_on.isoformat()]
    begun = plan_paused(billing, from_at=now, until_at=until_at, number=own_events(dropped) + 1, ends=ends)
    plan = replace(
        begun,
        events=(
            *dropped.events,
            *(with_note(event, wish.note) for event in begun.events),
            *((noted(billing, note),) if note else ()),
        ),
        void=dropped.void,
        changes=dropped.changes,
        credit_note=note,
        dates=dates,
    )
    cautions = [ChangeCaution.REPLACES_SCHEDULED] if dropped.changes else []
    if note is None and billing.price:
        cautions.append(ChangeCaution.NOTHING_GIVEN_BACK)
    return Planned(plan, facts.deal, cautions=tuple(cautions))


def _until(billing: BillingFacts, wish: PauseWish, from_at: datetime) -> datetime | None:
    """The first instant of the day on which it resumes by itself. Raises CannotChange unless the pause has begun."""
    if wish.until is None:
        return None
    until_at = start_of_day(wish.until, billing.zone)
    if until_at <= from_at:
        begins_on = local_date(from_at, billing.zone)
        message = f"The pause begins on {begins_on:%-d %B %Y}. It ends on a later day."
        raise CannotChange("until_too_early", message, field="until")
    return until_at
