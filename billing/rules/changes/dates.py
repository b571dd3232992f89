"""Where a term ends when its end moves, and what its successors are counted from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from billing.rules.changes.refusals import CannotChange
from billing.rules.facts import BillingFacts, TermFacts
from billing.rules.plan import TermMove
from partnerpanel.kernel.clock import start_of_day
from partnerpanel.kernel.period import Interval, Period, Unit, nth_period, period_on, shifted
from subscriptions.rules.states import Lifecycle

MONTH = Interval(Unit.MONTH)


@dataclass(frozen=True, slots=True)
class Ending:
    """The day a term ends, and the anchor from then on."""

    on: date
    anchor: date


def term_of(facts: BillingFacts) -> TermFacts:
    """The newest term. Raises CannotChange where there is none."""
    if facts.term is None:
        raise CannotChange("not_started", "This subscription has not begun to be billed here.")
    return facts.term


def on_grid(day: date, *, anchor: date, interval: Interval) -> bool:
    """Whether a period of this anchor begins on that day."""
    return period_on(anchor=anchor, interval=interval, day=day)[1].starts_on == day


def after_months(months: int, *, after: date, anchor: date, interval: Interval) -> Ending:
    """So many months after a day of the anchor: 31 January, 28 February, 31 March.

    The anchor stays where the plan's own periods meet that day; a day that is none of the anchor's, or a plan of days
    or weeks, is counted from itself.
    """
    if interval.unit in (Unit.MONTH, Unit.YEAR) and on_grid(after, anchor=anchor, interval=MONTH):
        n, _ = period_on(anchor=anchor, interval=MONTH, day=after)
        end = shifted(anchor, MONTH, n + months)
        return Ending(end, anchor if on_grid(end, anchor=anchor, interval=interval) else end)
    end = shifted(after, MONTH, months)
    return Ending(end, end)


def after_intervals(count: int, *, after: date, anchor: date, interval: Interval) -> list[Period]:
    """So many whole periods from that day on, of the anchor where it is one of its days."""
    if not on_grid(after, anchor=anchor, interval=interval):
        anchor = after
    first, _ = period_on(anchor=anchor, interval=interval, day=after)
    return [nth_period(anchor=anchor, interval=interval, n=first + index) for index in range(count)]


def one_later(facts: BillingFacts) -> Ending:
    """One interval after the present end."""
    after = term_of(facts).period.ends_on
    [period] = after_intervals(1, after=after, anchor=facts.anchor_on, interval=facts.interval)
    stays = on_grid(period.ends_on, anchor=facts.anchor_on, interval=facts.interval)
    return Ending(period.ends_on, facts.anchor_on if stays else period.ends_on)


def moved_end(facts: BillingFacts, ending: Ending, *, granted_for: str = "") -> tuple[TermMove, dict[str, Any]]:
    """The newest term until that day, and the columns that follow: the reminder is due anew."""
    term = term_of(facts)
    days = (ending.on - term.period.ends_on).days if granted_for else 0
    move = TermMove(term.number, Period(term.period.starts_on, ending.on), days, granted_for)
    return move, {"anchor_on": ending.anchor, "reminded_on": None, **with_the_end(facts, ending.on)}


def cut_today(facts: BillingFacts, now: datetime) -> TermMove | None:
    """The newest term until today, at least for the day that it began on; None where it is over, or that day."""
    if facts.term is None:
        return None
    period = facts.term.period
    ends_on = max(facts.today(now), period.starts_on + timedelta(days=1))
    return TermMove(facts.term.number, Period(period.starts_on, ends_on)) if ends_on < period.ends_on else None


def with_the_end(facts: BillingFacts, on: date) -> dict[str, Any]:
    """What is to happen at the end of the term and so moves with it: a pause, and the end of a trial."""
    at = start_of_day(on, facts.zone)
    values: dict[str, Any] = {}
    if facts.paused_from is not None and not facts.is_paused:
        values["paused_from"] = at
    if facts.lifecycle is Lifecycle.TRIALING:
        values["trial_ends_at"] = at
    return values


def said_dates(facts: BillingFacts, ending: Ending) -> dict[str, Any]:
    """What the event says of the dates, before and after, so that they can be put back."""
    old = term_of(facts).period.ends_on
    return {
        "term": term_of(facts).number,
        "ends": [old.isoformat(), ending.on.isoformat()],
        "anchor": [facts.anchor_on.isoformat(), ending.anchor.isoformat()],
        "days": (ending.on - old).days,
        "on": ending.on.isoformat(),
    }
