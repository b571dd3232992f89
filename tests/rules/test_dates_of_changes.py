"""Where a period ends when its end moves: month ends, leap days, days that are none of the anchor's."""

from __future__ import annotations

from datetime import date

import pytest

from billing.rules.changes.dates import Ending, after_intervals, after_months
from partnerpanel.kernel.period import Interval, Unit

MONTHLY, QUARTERLY, YEARLY = Interval(Unit.MONTH), Interval(Unit.MONTH, 3), Interval(Unit.YEAR)
WEEKLY = Interval(Unit.WEEK)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("after", "months", "end"),
    [
        ("2026-02-28", 1, "2026-03-31"),
        ("2026-02-28", 3, "2026-05-31"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
    ],
)
def test_months_come_back_to_the_anchors_day(after: str, months: int, end: str) -> None:
    found = after_months(months, after=day(after), anchor=day("2026-01-31"), interval=MONTHLY)
    assert found == Ending(day(end), day("2026-01-31"))


def test_a_day_that_is_none_of_the_anchors_is_counted_from_itself() -> None:
    found = after_months(1, after=day("2026-02-15"), anchor=day("2026-01-31"), interval=MONTHLY)
    assert found == Ending(day("2026-03-15"), day("2026-03-15"))


@pytest.mark.parametrize(
    ("interval", "months", "moves"),
    [(QUARTERLY, 3, False), (QUARTERLY, 1, True), (YEARLY, 12, False), (YEARLY, 6, True)],
)
def test_the_anchor_moves_where_the_plans_own_periods_would_not_begin(
    interval: Interval, months: int, moves: bool
) -> None:
    found = after_months(months, after=day("2026-01-31"), anchor=day("2026-01-31"), interval=interval)
    assert found.anchor == (found.on if moves else day("2026-01-31"))


def test_a_leap_day_extended_by_years_comes_back() -> None:
    found = after_months(12, after=day("2027-02-28"), anchor=day("2024-02-29"), interval=YEARLY)
    assert found == Ending(day("2028-02-29"), day("2024-02-29"))


def test_weeks_are_shifted_by_calendar_months() -> None:
    found = after_months(1, after=day("2026-01-12"), anchor=day("2026-01-05"), interval=WEEKLY)
    assert found == Ending(day("2026-02-12"), day("2026-02-12"))


def test_intervals_bought_follow_one_another_and_the_anchor() -> None:
    found = after_intervals(3, after=day("2026-02-28"), anchor=day("2026-01-31"), interval=MONTHLY)
    assert [(one.starts_on.isoformat(), one.ends_on.isoformat()) for one in found] == [
        ("2026-02-28", "2026-03-31"),
        ("2026-03-31", "2026-04-30"),
        ("2026-04-30", "2026-05-31"),
    ]


def test_intervals_bought_from_another_day_are_counted_from_it() -> None:
    [found] = after_intervals(1, after=day("2026-02-15"), anchor=day("2026-01-31"), interval=MONTHLY)
    assert (found.starts_on, found.ends_on) == (day("2026-02-15"), day("2026-03-15"))
