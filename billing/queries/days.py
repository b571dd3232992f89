"""Narrowing lists of documents by the days on which they were issued or received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

# A local day is at most so far from the same day in UTC.
ZONES = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """From a first to a last day, both of them with it; None is open."""

    first: date | None = None
    last: date | None = None

    def __bool__(self) -> bool:
        return self.first is not None or self.last is not None

    def issued(self) -> Q:
        """Documents by their date; their instant says it once more, roughly, since lists are sorted by that."""
        found = self._on("issued_on")
        if self.first is not None:
            found &= Q(issued_at__gte=_midnight(self.first) - ZONES)
        if self.last is not None:
            found &= Q(issued_at__lt=_midnight(self.last) + 2 * ZONES)
        return found

    def received(self) -> Q:
        """Payments by the day on which they came in. One may be recorded any time later, but never before."""
        found = self._on("received_on")
        return found & Q(recorded_at__gte=_midnight(self.first) - ZONES) if self.first is not None else found

    def _on(self, column: str) -> Q:
        first = Q(**{f"{column}__gte": self.first}) if self.first is not None else Q()
        return first & (Q(**{f"{column}__lte": self.last}) if self.last is not None else Q())


ALL_DAYS = Days()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
