"""Time at the edge: the only place that reads the system's clock, and the way between instants and local dates.

Rules take `now` as an argument. Instants end in `_at` and are UTC; dates end in `_on` and are local to a zone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


def system_now() -> datetime:
    """The system's instant in UTC. For leases, tokens and quotes; business time comes from the partner's clock."""
    return datetime.now(UTC)


def local_date(instant: datetime, zone: str) -> date:
    """The calendar date that people in `zone` have at `instant`."""
    return instant.astimezone(ZoneInfo(zone)).date()


@lru_cache(maxsize=10_000)
def start_of_day(day: date, zone: str) -> datetime:
    """The first instant (UTC) of a local calendar day.

    Where a clock change skips midnight, the day begins when the clock has moved; where midnight comes twice, at the
    first. A whole day that a zone skipped (Apia, 30 December 2011) begins with the next.
    """
    info = ZoneInfo(zone)
    instant = datetime.combine(day, time.min, tzinfo=info).astimezone(UTC)
    if instant.astimezone(info).date() >= day:
        return instant
    # Midnight does not exist on that day: the gap's end is its beginning.
    before, after = instant, instant + timedelta(days=2)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(info).date() >= day:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)


def month_of(day: date) -> tuple[date, date]:
    """The half-open month around `day`: its first date and the first date of the next."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)
