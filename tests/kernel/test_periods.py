"""Periods follow each other without a gap, in every zone, from every anchor."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerpanel.kernel.clock import local_date, month_of, start_of_day
from partnerpanel.kernel.period import Interval, InvalidInterval, Period, Unit, nth_period, period_on

# Half-hour summer time, 45-minute offsets, days skipped, midnights that do not exist or come twice.
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Havana",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Apia",
]
INTERVALS = [
    Interval(Unit.DAY, 1),
    Interval(Unit.DAY, 30),
    Interval(Unit.WEEK, 2),
    Interval(Unit.MONTH, 1),
    Interval(Unit.MONTH, 3),
    Interval(Unit.MONTH, 6),
    Interval(Unit.YEAR, 1),
    Interval(Unit.YEAR, 2),
]
DATES = st.dates(date(1990, 1, 1), date(2060, 12, 31))
EVERY_INTERVAL = st.sampled_from(Unit).flatmap(
    lambda unit: st.builds(Interval, st.just(unit), st.integers(1, {"day": 366, "week": 104}.get(unit, 10)))
)


@pytest.mark.parametrize("interval", INTERVALS, ids=str)
@pytest.mark.parametrize("day", range(1, 32))
def test_ten_years_of_periods_have_no_gap_and_no_overlap(day: int, interval: Interval) -> None:
    anchor, n = date(2008, 1, day), 0
    found: list[Period] = []
    while not found or found[-1].ends_on < date(2018, 1, 1):
        found.append(nth_period(anchor=anchor, interval=interval, n=n))
        n += 1
    assert found[0].starts_on == anchor
    assert all(before.ends_on == after.starts_on for before, after in pairwise(found))
    if interval.unit in (Unit.MONTH, Unit.YEAR):
        # Never drifts: the anchor's day comes back in every month that has it.
        assert all(period.starts_on.day == min(day, _last_day(period.starts_on)) for period in found)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", [1, 15, 28, 29, 30, 31])
def test_ten_years_of_instants_have_no_gap_and_no_overlap(zone: str, day: int) -> None:
    periods = [nth_period(anchor=date(2010, 1, day), interval=Interval(Unit.MONTH), n=n) for n in range(120)]
    instants = [period.instants(zone) for period in periods]
    assert all(before[1] == after[0] for before, after in pairwise(instants))
    assert all(starts_at < ends_at for starts_at, ends_at in instants)
    assert all(local_date(starts_at, zone) >= p.starts_on for p, (starts_at, _) in zip(periods, instants, strict=True))


def _last_day(day: date) -> int:
    return (month_of(day)[1] - timedelta(days=1)).day


def test_the_last_day_of_a_month_comes_back() -> None:
    starts = [nth_period(anchor=date(2027, 1, 31), interval=Interval(Unit.MONTH), n=n).starts_on for n in range(4)]
    assert starts == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


def test_a_leap_day_comes_back() -> None:
    starts = [nth_period(anchor=date(2024, 2, 29), interval=Interval(Unit.YEAR), n=n).starts_on for n in range(5)]
    assert [(day.month, day.day) for day in starts] == [(2, 29), (2, 28), (2, 28), (2, 28), (2, 29)]


@given(DATES, EVERY_INTERVAL, DATES)
def test_the_period_on_a_day_contains_it_and_has_its_number(anchor: date, interval: Interval, day: date) -> None:
    n, period = period_on(anchor=anchor, interval=interval, day=day)
    assert day in period
    assert period == nth_period(anchor=anchor, interval=interval, n=n)
    assert (n < 0) == (day < anchor)


@given(DATES, EVERY_INTERVAL, st.integers(-20, 20))
def test_a_period_holds_its_first_day_and_not_its_end(anchor: date, interval: Interval, n: int) -> None:
    period = nth_period(anchor=anchor, interval=interval, n=n)
    assert period.starts_on in period
    assert period.ends_on not in period
    assert period_on(anchor=anchor, interval=interval, day=period.starts_on) == (n, period)
    last = period.ends_on - timedelta(days=1)
    assert period_on(anchor=anchor, interval=interval, day=last) == (n, period)


@given(st.sampled_from(ZONES), st.dates(date(1972, 1, 1), date(2037, 1, 1)))
def test_a_day_begins_with_its_first_instant(zone: str, day: date) -> None:
    starts_at = start_of_day(day, zone)
    assert local_date(starts_at, zone) >= day
    assert local_date(starts_at - timedelta(seconds=1), zone) < day


@pytest.mark.slow
def test_a_day_begins_with_its_first_instant_wherever_clocks_changed_this_century() -> None:
    for zone in sorted(available_timezones()):
        for day in _days_of_change(zone):
            starts_at = start_of_day(day, zone)
            assert local_date(starts_at, zone) >= day, (zone, day)
            assert local_date(starts_at - timedelta(seconds=1), zone) < day, (zone, day)


def _days_of_change(zone: str) -> list[date]:
    info, week = ZoneInfo(zone), timedelta(days=7)
    found: list[date] = []
    at = datetime(2005, 1, 1, tzinfo=UTC)
    while at < datetime(2030, 1, 1, tzinfo=UTC):
        if at.astimezone(info).utcoffset() != (at + week).astimezone(info).utcoffset():
            found += [local_date(at + timedelta(days=days), zone) for days in range(8)]
        at += week
    return found


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("Europe/Berlin", date(2026, 3, 29), "2026-03-28T23:00"),
        ("Europe/Berlin", date(2026, 3, 30), "2026-03-29T22:00"),
        # Midnight is skipped: the day begins at one o'clock.
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00"),
        ("Asia/Beirut", date(2024, 3, 31), "2024-03-30T22:00"),
        # Midnight comes twice: the day begins at the first.
        ("America/Havana", date(2025, 11, 2), "2025-11-02T04:00"),
        ("Asia/Kathmandu", date(2026, 1, 1), "2025-12-31T18:15"),
        # The whole day does not exist: it begins with the next.
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00"),
        ("Pacific/Apia", date(2011, 12, 31), "2011-12-30T10:00"),
    ],
)
def test_days_around_clock_changes_begin(zone: str, day: date, instant: str) -> None:
    assert start_of_day(day, zone) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.parametrize("count", [0, -1, 61])
def test_an_interval_has_a_sensible_length(count: int) -> None:
    with pytest.raises(InvalidInterval):
        Interval(Unit.MONTH, count)


def test_a_period_ends_after_it_starts() -> None:
    with pytest.raises(InvalidInterval):
        Period(date(2026, 1, 1), date(2026, 1, 1))


@given(DATES)
def test_a_month_holds_its_days_and_no_other(day: date) -> None:
    first, following = month_of(day)
    assert first <= day < following
    assert (first.day, following.day) == (1, 1)
    assert (following - timedelta(days=1)).month == first.month
