"""How many months somebody has paid for. Pure."""

from __future__ import annotations

from collections.abc import Mapping

# The Gregorian calendar: 4,800 months are 146,097 days. Three days more make up for the shortest months.
MONTHS, DAYS, SHORT = 4_800, 146_097, 3


def whole_months(days: int) -> int:
    """Whole months of so many days that follow each other: 28 days are a month, 59 two, 365 twelve."""
    return (days + SHORT) * MONTHS // DAYS if days > 0 else 0


def milestone(days: Mapping[int, int], *, term: int, every: int) -> int | None:
    """The number of paid months that the term of that number completes, a multiple of `every`; None where it completes
    none. `days` are those that were paid for, by the number of their term."""
    before = whole_months(sum(count for number, count in days.items() if number < term))
    after = whole_months(sum(count for number, count in days.items() if number <= term))
    return after // every * every if after // every > before // every else None
