"""A policy as dated days: what happens to one renewal that nobody pays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, nth_period, shifted
from partnerpanel.policy.rules import schedule
from partnerpanel.policy.rules.grace import GraceAccess, GraceThen
from partnerpanel.policy.rules.resolution import ResolvedPolicy


@dataclass(frozen=True, slots=True)
class Example:
    """A renewal of `price` that is due on `due_on` in `zone` and opens a term of `interval`."""

    due_on: date
    interval: Interval
    price: Money
    zone: str

    @property
    def period_days(self) -> int:
        """Days of the period that stays unpaid."""
        return nth_period(anchor=self.due_on, interval=self.interval, n=0).days


class EntryKind(StrEnum):
    """What happens on a day, in the order in which it does where days coincide."""

    REMINDER = "reminder"
    CHARGE = "charge"
    RETRY = "retry"
    GRACE_STARTS = "grace_starts"
    GRACE_STARTS_LIMITED = "grace_starts_limited"
    WARNING = "warning"
    DEADLINE = "deadline"
    SUSPENDED = "suspended"
    FROZEN = "frozen"
    DOWNGRADED = "downgraded"
    CANCELLED = "cancelled"
    ERASURE_WARNING = "erasure_warning"
    ERASED = "erased"


AFTERWARDS = {
    GraceThen.SUSPEND: EntryKind.SUSPENDED,
    GraceThen.FREEZE: EntryKind.FROZEN,
    GraceThen.DOWNGRADE_TO_FREE: EntryKind.DOWNGRADED,
    GraceThen.CANCEL: EntryKind.CANCELLED,
}
ORDER = {kind: place for place, kind in enumerate(EntryKind)}


@dataclass(frozen=True, slots=True)
class Entry:
    """`at_local` is the moment where the rule names one; `number` counts a charge's attempts from 1."""

    on: date
    kind: EntryKind
    at_local: datetime | None = None
    number: int | None = None
    amount: Money | None = None
    why: Derivation | None = None


def timeline(resolved: ResolvedPolicy, example: Example) -> list[Entry]:
    """Every day on which something happens, as if each charge were declined, earliest first."""
    return sorted(_entries(resolved, example), key=lambda entry: (entry.on, ORDER[entry.kind]))


def _entries(resolved: ResolvedPolicy, example: Example) -> Iterator[Entry]:
    due_on, grace = example.due_on, resolved.policy.grace
    starts_on = shifted(due_on, example.interval, -1)
    reminders = schedule.reminder_dates(resolved, starts_on=starts_on, ends_on=due_on, interval=example.interval)
    for day in reminders.value:
        yield Entry(day, EntryKind.REMINDER, amount=example.price, why=reminders.why)
    yield Entry(due_on, EntryKind.CHARGE, number=1, amount=example.price)
    deadline = schedule.deadline_on(resolved, first_on=due_on)
    retries = schedule.retry_dates(resolved, first_on=due_on, deadline_on=deadline.value)
    for number, day in enumerate(retries.value, start=2):
        yield Entry(day, EntryKind.RETRY, number=number, amount=example.price, why=retries.why)
    starts = schedule.grace_starts_on(resolved, first_on=due_on, retries=retries.value)
    limited = grace.access is GraceAccess.LIMITED
    yield Entry(starts.value, EntryKind.GRACE_STARTS_LIMITED if limited else EntryKind.GRACE_STARTS, why=starts.why)
    warning = schedule.last_warning_on(deadline_on=deadline.value)
    yield Entry(warning.value, EntryKind.WARNING, why=warning.why)
    moment = schedule.deadline_at(resolved, first_on=due_on, zone=example.zone)
    at_local = moment.value.astimezone(ZoneInfo(example.zone))
    yield Entry(deadline.value, EntryKind.DEADLINE, at_local=at_local, why=moment.why)
    yield Entry(deadline.value, AFTERWARDS[grace.then], at_local=at_local, why=moment.why)
    if grace.then is not GraceThen.DOWNGRADE_TO_FREE:
        yield from _erasure(resolved, ended_on=deadline.value)


def _erasure(resolved: ResolvedPolicy, *, ended_on: date) -> Iterator[Entry]:
    erasure = schedule.erasure_on(resolved, ended_on=ended_on)
    if erasure.value is None:
        return
    warnings = schedule.erasure_warnings_on(ended_on=ended_on, erasure_on=erasure.value)
    for day in warnings.value:
        yield Entry(day, EntryKind.ERASURE_WARNING, why=warnings.why)
    yield Entry(erasure.value, EntryKind.ERASED, why=erasure.why)
