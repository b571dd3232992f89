"""The demo's calendar: every instant is counted back from one day, so the same day gives the same data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from partnerpanel.kernel.clock import local_date, start_of_day
from partnerpanel.kernel.period import Interval, Unit, shifted


@dataclass(frozen=True, slots=True)
class Days:
    """`today` in the partner's zone."""

    today: date
    zone: str

    @classmethod
    def of(cls, now: datetime, zone: str) -> Days:
        return cls(local_date(now, zone), zone)

    def at(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        """The instant on that day; today nothing is later than its first minutes, whenever the seed runs."""
        if days_ago == 0:
            return start_of_day(self.today, self.zone) + timedelta(seconds=hour * 60 + minute)
        return start_of_day(self.on(days_ago), self.zone) + timedelta(hours=hour, minutes=minute)

    def on(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)

    def begun(self, interval: Interval, *, due: int, at_least: int) -> int:
        """How many days ago something began of which a period ended exactly `due` days ago, after `at_least` periods.

        Skips months that lack the day, whose periods would end on another.
        """
        boundary = self.on(due)
        for n in range(at_least, at_least + 60):
            start = shifted(boundary, interval, -n)
            if shifted(start, interval, n) == boundary:
                return (self.today - start).days
        raise AssertionError(f"no {interval} ends on {boundary}")


MONTHLY, YEARLY, WEEKLY = Interval(Unit.MONTH), Interval(Unit.YEAR), Interval(Unit.WEEK)
