"""The days of a renewal that fails: reminders, retries, grace, deadline, erasure. Each says where it came from.

Dates are local to the subscription's zone. `first_on` is the day of the first attempt: the due date, or after an outage
the day on which we could first ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate

from partnerpanel.kernel.clock import start_of_day
from partnerpanel.kernel.derivation import Derivation, Derived
from partnerpanel.kernel.period import Interval
from partnerpanel.policy.rules.grace import GraceCountedFrom, GraceStarts
from partnerpanel.policy.rules.renewal import is_yearly
from partnerpanel.policy.rules.resolution import ResolvedPolicy
from partnerpanel.policy.rules.retention import WARNINGS_DAYS
from partnerpanel.policy.rules.retry import RetryCountedFrom, RetryPolicy

Dates = tuple[date, ...]


def reminder_dates(resolved: ResolvedPolicy, *, starts_on: date, ends_on: date, interval: Interval) -> Derived[Dates]:
    """Days on which the customer is reminded of the period's end, earliest first.

    Those that would come on the period's first day or before it are left out.
    """
    renewal = resolved.policy.renewal
    yearly = is_yearly(interval)
    days = renewal.reminders_days_yearly if yearly else renewal.reminders_days
    found = sorted({ends_on - timedelta(days=n) for n in days})
    inputs = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat(), "days_before": _listed(days)}
    key = "renewal.reminders_days_yearly" if yearly else "renewal.reminders_days"
    return Derived(
        tuple(day for day in found if day > starts_on), Derivation("reminder_dates", inputs, resolved.cited(key))
    )


def retry_dates(resolved: ResolvedPolicy, *, first_on: date, deadline_on: date) -> Derived[Dates]:
    """Days of the automatic charges after the first failure, earliest first; none on or after the deadline."""
    retry = resolved.policy.retry
    planned = _planned(retry, first_on)
    inputs = {
        "first_on": first_on.isoformat(),
        "deadline_on": deadline_on.isoformat(),
        "offsets_days": _listed(retry.offsets_days),
        "counted_from": retry.counted_from.value,
        "dropped": _listed([day for day in planned if day >= deadline_on]),
    }
    policy = resolved.cited("retry.offsets_days", "retry.counted_from")
    return Derived(tuple(day for day in planned if day < deadline_on), Derivation("retry_dates", inputs, policy))


def grace_starts_on(
    resolved: ResolvedPolicy, *, first_on: date, retries: Sequence[date], at_once_on: date | None = None
) -> Derived[date]:
    """The day on which the collection axis turns to grace.

    `retries` are those that `retry_dates` found. `at_once_on` is the day of a hard decline, or the due date where
    nothing renews by itself: grace starts no later than that.
    """
    starts = resolved.policy.grace.starts
    planned = first_on
    if starts is GraceStarts.RETRIES_EXHAUSTED and retries:
        planned = max(retries)
    inputs = {"first_on": first_on.isoformat(), "retries_on": _listed(retries), "starts": starts.value}
    if at_once_on is not None:
        inputs["at_once_on"] = at_once_on.isoformat()
        planned = min(planned, at_once_on)
    return Derived(planned, Derivation("grace_starts_on", inputs, resolved.cited("grace.starts")))


def deadline_on(resolved: ResolvedPolicy, *, first_on: date) -> Derived[date]:
    """The local day at whose first instant grace is over."""
    grace, retry = resolved.policy.grace, resolved.policy.retry
    keys = ["grace.days", "grace.counted_from"]
    counted_on = first_on
    if grace.counted_from is GraceCountedFrom.LAST_RETRY:
        counted_on = max(_planned(retry, first_on), default=first_on)
        keys += ["retry.offsets_days", "retry.counted_from"]
    inputs = {"first_on": first_on.isoformat(), "counted_on": counted_on.isoformat(), "days": str(grace.days)}
    return Derived(counted_on + timedelta(days=grace.days), Derivation("deadline_on", inputs, resolved.cited(*keys)))


def deadline_at(resolved: ResolvedPolicy, *, first_on: date, zone: str) -> Derived[datetime]:
    """The instant (UTC) of the deadline: 00:00 of its day in `zone`, or the first instant that the day has."""
    day = deadline_on(resolved, first_on=first_on)
    inputs = {"deadline_on": day.value.isoformat(), "zone": zone}
    return Derived(start_of_day(day.value, zone), Derivation("deadline_at", inputs, parts=(day.why,)))


def last_warning_on(*, deadline_on: date) -> Derived[date]:
    """The day before the deadline."""
    inputs = {"deadline_on": deadline_on.isoformat()}
    return Derived(deadline_on - timedelta(days=1), Derivation("last_warning_on", inputs))


def erasure_on(resolved: ResolvedPolicy, *, ended_on: date) -> Derived[date | None]:
    """The day on which personal data is erased, counted from the end or from the suspension for nonpayment.

    None where the policy keeps data for good.
    """
    days = resolved.policy.retention.days_after_end
    inputs = {"ended_on": ended_on.isoformat(), "days": "never" if days is None else str(days)}
    why = Derivation("erasure_on", inputs, resolved.cited("retention.days_after_end"))
    return Derived(None if days is None else ended_on + timedelta(days=days), why)


def erasure_warnings_on(*, ended_on: date, erasure_on: date) -> Derived[Dates]:
    """Days on which the customer is warned of the erasure; none before the end itself."""
    inputs = {
        "ended_on": ended_on.isoformat(),
        "erasure_on": erasure_on.isoformat(),
        "days_before": _listed(WARNINGS_DAYS),
    }
    found = (erasure_on - timedelta(days=n) for n in WARNINGS_DAYS)
    return Derived(tuple(day for day in found if day >= ended_on), Derivation("erasure_warnings_on", inputs))


def _planned(retry: RetryPolicy, first_on: date) -> list[date]:
    """All retries, as if there were no deadline."""
    previous = retry.counted_from is RetryCountedFrom.PREVIOUS
    offsets = accumulate(retry.offsets_days) if previous else sorted(set(retry.offsets_days))
    return [first_on + timedelta(days=n) for n in offsets]


def _listed(values: Sequence[int] | Sequence[date]) -> str:
    return ", ".join(str(value) for value in values)
