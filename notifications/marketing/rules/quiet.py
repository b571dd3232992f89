"""Hours in which marketing waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one full hour to another of the same day or the next; none where both are the same."""

    begins: int
    ends: int

    def until(self, now: datetime, zone: str) -> datetime | None:
        """The instant at which they are over; None where it is not quiet in that zone now."""
        local = now.astimezone(ZoneInfo(zone))
        if not self._holds(local.hour):
            return None
        day = local.date() + timedelta(days=1 if local.hour >= self.ends else 0)
        # Where clocks skip that hour, the next one begins at the same instant.
        return datetime(day.year, day.month, day.day, self.ends, tzinfo=ZoneInfo(zone)).astimezone(now.tzinfo)

    def _holds(self, hour: int) -> bool:
        if self.begins <= self.ends:
            return self.begins <= hour < self.ends
        return hour >= self.begins or hour < self.ends
