"""Half-open billing periods, computed from their anchor and never from the period before.

31 January, monthly → 28/29 February → 31 March; 29 February, yearly → 28 February → … → 29 February.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from partnerpanel.kernel.clock import start_of_day
from partnerpanel.kernel.errors import DomainError

MAX_COUNT = {"day": 366, "week": 104, "month": 60, "year": 10}


class InvalidInterval(DomainError):
    """An interval that no plan can have."""

    code = "invalid_interval"


class Unit(StrEnum):
    """What an interval is counted in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Interval:
    """`Interval(Unit.MONTH, 3)` is a quarter."""

    unit: Unit
    count: int = 1

    def __post_init__(self) -> None:
        limit = MAX_COUNT[self.unit]
        if not 1 <= self.count <= limit:
            raise InvalidInterval(
                f"An interval is 1 to {limit} {self.unit}s, not {self.count}.", field="interval_count"
            )


@dataclass(frozen=True, slots=True)
class Period:
    """Local dates `[starts_on, ends_on)`."""

    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        if self.ends_on <= self.starts_on:
            raise InvalidInterval("A period ends after it starts.", field="ends_on")

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day < self.ends_on

    def instants(self, zone: str) -> tuple[datetime, datetime]:
        """The same period as UTC instants, bounded by local midnights of `zone`."""
        return start_of_day(self.starts_on, zone), start_of_day(self.ends_on, zone)


def period_of(starts_on: date | None, ends_on: date | None) -> Period | None:
    """The period of what has one."""
    return Period(starts_on, ends_on) if starts_on and ends_on else None


def shifted(anchor: date, interval: Interval, n: int) -> date:
    """The anchor's date `n` intervals later; a day that the month lacks becomes its last."""
    if interval.unit is Unit.DAY:
        return anchor + timedelta(days=interval.count * n)
    if interval.unit is Unit.WEEK:
        return anchor + timedelta(weeks=interval.count * n)
    months = interval.count * n * (12 if interval.unit is Unit.YEAR else 1)
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    return date(year, month + 1, min(anchor.day, calendar.monthrange(year, month + 1)[1]))


def nth_period(*, anchor: date, interval: Interval, n: int) -> Period:
    """Period number `n` (the first is 0) of a subscription anchored on `anchor`."""
    return Period(shifted(anchor, interval, n), shifted(anchor, interval, n + 1))


def period_on(*, anchor: date, interval: Interval, day: date) -> tuple[int, Period]:
    """The period that contains `day`, and its number counted from the anchor; negative before it."""
    if interval.unit in (Unit.DAY, Unit.WEEK):
        length = interval.count * (7 if interval.unit is Unit.WEEK else 1)
        n = (day - anchor).days // length
    else:
        months = (day.year - anchor.year) * 12 + day.month - anchor.month
        n = months // (interval.count * (12 if interval.unit is Unit.YEAR else 1))
    while day < shifted(anchor, interval, n):
        n -= 1
    while day >= shifted(anchor, interval, n + 1):
        n += 1
    return n, nth_period(anchor=anchor, interval=interval, n=n)
