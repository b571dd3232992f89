"""The days of a renewal that fails, over month ends, leap days and changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.period import Interval, Unit, shifted
from partnerpanel.policy.rules.presets import Preset
from partnerpanel.policy.rules.resolution import Layer, ResolvedPolicy, Source, SourceKind, preset_layer, resolve
from partnerpanel.policy.rules.schedule import (
    deadline_at,
    deadline_on,
    erasure_on,
    erasure_warnings_on,
    grace_starts_on,
    last_warning_on,
    reminder_dates,
    retry_dates,
)
from tests.policy.values import PARTIAL, UNHURRIED

MONTHLY, YEARLY = Interval(Unit.MONTH), Interval(Unit.YEAR)
DATES = st.dates(date(2000, 1, 1), date(2040, 12, 31))
ZONES = st.sampled_from(["America/Santiago", "Pacific/Apia", "Australia/Lord_Howe", "Europe/Berlin", "UTC"])


def policy(preset: Preset = Preset.STANDARD, **said: Any) -> ResolvedPolicy:
    """A preset with some keys said otherwise by a plan; `grace__days` is `grace.days`."""
    document = {key.replace("__", "."): value for key, value in said.items()}
    return resolve([preset_layer(preset), Layer(Source(SourceKind.PLAN, "a plan", 2), document)])


def retries(resolved: ResolvedPolicy, first_on: date) -> list[str]:
    deadline = deadline_on(resolved, first_on=first_on).value
    return [day.isoformat() for day in retry_dates(resolved, first_on=first_on, deadline_on=deadline).value]


def test_standard_over_the_end_of_a_month() -> None:
    first_on = date(2026, 2, 28)
    assert retries(policy(), first_on) == ["2026-03-01", "2026-03-03", "2026-03-05"]
    assert deadline_on(policy(), first_on=first_on).value == date(2026, 3, 7)
    assert last_warning_on(deadline_on=date(2026, 3, 7)).value == date(2026, 3, 6)


def test_standard_over_a_leap_day() -> None:
    assert retries(policy(), date(2028, 2, 28)) == ["2028-02-29", "2028-03-02", "2028-03-04"]
    assert deadline_on(policy(), first_on=date(2028, 2, 29)).value == date(2028, 3, 7)


def test_the_other_presets() -> None:
    first_on = date(2026, 1, 31)
    assert deadline_on(policy(Preset.EXTENDED), first_on=first_on).value == date(2026, 2, 15)
    assert retries(policy(Preset.STRICT), first_on) == ["2026-02-01"]
    assert retries(policy(Preset.LENIENT), first_on)[-1] == "2026-02-10"
    assert deadline_on(policy(Preset.LENIENT), first_on=first_on).value == date(2026, 3, 2)


def test_offsets_from_the_previous_attempt_add_up() -> None:
    resolved = policy(retry__counted_from="previous", grace__days=30)
    assert retries(resolved, date(2026, 1, 1)) == ["2026-01-02", "2026-01-05", "2026-01-10"]


def test_offsets_that_an_older_level_left_out_of_order_are_put_in_order() -> None:
    assert retries(policy(retry__offsets_days=[3, 3, 1]), date(2026, 1, 1)) == ["2026-01-02", "2026-01-04"]


def test_a_retry_on_the_deadline_is_dropped_and_the_derivation_says_so() -> None:
    resolved = policy(grace__days=3)
    found = retry_dates(resolved, first_on=date(2026, 1, 1), deadline_on=date(2026, 1, 4))
    assert found.value == (date(2026, 1, 2),)
    assert found.why.inputs["dropped"] == "2026-01-04, 2026-01-06"
    assert found.why.policy["retry.offsets_days"] == "preset:standard@1"


@UNHURRIED
@given(PARTIAL, DATES)
def test_no_retry_comes_on_or_after_the_deadline_and_none_on_the_first_day(said: dict[str, Any], day: date) -> None:
    resolved = resolve([Layer(Source(SourceKind.PARTNER, "a partner", 1), said)])
    deadline = deadline_on(resolved, first_on=day).value
    found = retry_dates(resolved, first_on=day, deadline_on=deadline).value
    assert all(day < one < deadline for one in found)
    assert list(found) == sorted(set(found))
    starts = grace_starts_on(resolved, first_on=day, retries=found).value
    assert day <= starts < deadline
    assert day <= last_warning_on(deadline_on=deadline).value < deadline


def test_grace_starts_with_the_last_retry_or_with_the_first_failure() -> None:
    first_on, found = date(2026, 1, 1), (date(2026, 1, 2), date(2026, 1, 6))
    assert grace_starts_on(policy(), first_on=first_on, retries=found).value == date(2026, 1, 6)
    assert grace_starts_on(policy(), first_on=first_on, retries=()).value == first_on
    assert grace_starts_on(policy(Preset.EXTENDED), first_on=first_on, retries=found).value == first_on


def test_a_hard_decline_starts_grace_at_once_and_leaves_the_deadline() -> None:
    first_on, found = date(2026, 1, 1), (date(2026, 1, 2), date(2026, 1, 6))
    started = grace_starts_on(policy(), first_on=first_on, retries=found, at_once_on=date(2026, 1, 2))
    assert started.value == date(2026, 1, 2)
    assert started.why.inputs["at_once_on"] == "2026-01-02"


def test_the_deadline_may_count_from_the_last_planned_retry() -> None:
    resolved = policy(grace__counted_from="last_retry")
    found = deadline_on(resolved, first_on=date(2026, 1, 1))
    assert found.value == date(2026, 1, 13)
    assert set(found.why.policy) == {"grace.days", "grace.counted_from", "retry.offsets_days", "retry.counted_from"}
    assert retries(resolved, date(2026, 1, 1))[-1] == "2026-01-06"


@pytest.mark.parametrize(
    ("zone", "first_on", "instant"),
    [
        ("Europe/Berlin", date(2026, 3, 22), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 3, 23), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        # Midnight of 6 September does not exist in Santiago: the day begins at 01:00.
        ("America/Santiago", date(2026, 8, 30), datetime(2026, 9, 6, 4, tzinfo=UTC)),
        # Half an hour of summer time.
        ("Australia/Lord_Howe", date(2026, 9, 27), datetime(2026, 10, 3, 13, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", date(2026, 9, 28), datetime(2026, 10, 4, 13, 0, tzinfo=UTC)),
        # 30 December 2011 was skipped in Apia: what would begin with it begins with the 31st.
        ("Pacific/Apia", date(2011, 12, 23), datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ],
)
def test_the_deadline_is_the_first_instant_of_its_local_day(zone: str, first_on: date, instant: datetime) -> None:
    found = deadline_at(policy(), first_on=first_on, zone=zone)
    assert found.value == instant
    assert found.why.parts[0].rule == "deadline_on"


@UNHURRIED
@given(DATES, ZONES)
def test_a_clock_change_neither_shortens_nor_lengthens_grace(first_on: date, zone: str) -> None:
    at = deadline_at(policy(), first_on=first_on, zone=zone).value
    assert local_date(at, zone) >= first_on + timedelta(days=7)
    assert local_date(at - timedelta(seconds=1), zone) < first_on + timedelta(days=7)


def test_reminders_before_a_month_and_before_a_year() -> None:
    month = reminder_dates(policy(), starts_on=date(2026, 2, 1), ends_on=date(2026, 3, 1), interval=MONTHLY)
    assert month.value == (date(2026, 2, 26),)
    assert set(month.why.policy) == {"renewal.reminders_days"}
    year = reminder_dates(policy(), starts_on=date(2027, 2, 28), ends_on=date(2028, 2, 29), interval=YEARLY)
    assert year.value == (date(2028, 1, 30), date(2028, 2, 22), date(2028, 2, 26))
    assert set(year.why.policy) == {"renewal.reminders_days_yearly"}


@pytest.mark.parametrize("interval", [Interval(Unit.MONTH, 12), Interval(Unit.WEEK, 52), Interval(Unit.DAY, 365)])
def test_a_year_in_another_unit_is_a_year(interval: Interval) -> None:
    ends_on = shifted(date(2026, 1, 1), interval, 1)
    assert len(reminder_dates(policy(), starts_on=date(2026, 1, 1), ends_on=ends_on, interval=interval).value) == 3


@UNHURRIED
@given(PARTIAL, DATES, st.sampled_from([Interval(Unit.DAY), Interval(Unit.WEEK), MONTHLY, YEARLY]))
def test_no_reminder_comes_before_its_period_has_begun(said: dict[str, Any], day: date, interval: Interval) -> None:
    resolved = resolve([Layer(Source(SourceKind.PARTNER, "a partner", 1), said)])
    ends_on = shifted(day, interval, 1)
    found = reminder_dates(resolved, starts_on=day, ends_on=ends_on, interval=interval).value
    assert all(day < one < ends_on for one in found)


def test_data_is_erased_after_two_warnings() -> None:
    erased = erasure_on(policy(), ended_on=date(2026, 5, 15)).value
    assert erased == date(2026, 6, 14)
    warnings = erasure_warnings_on(ended_on=date(2026, 5, 15), erasure_on=erased)
    assert warnings.value == (date(2026, 5, 31), date(2026, 6, 11))


def test_data_may_be_kept_for_good_and_a_short_time_has_one_warning() -> None:
    assert erasure_on(policy(retention__days_after_end=None), ended_on=date(2026, 5, 15)).value is None
    soon = erasure_warnings_on(ended_on=date(2026, 5, 15), erasure_on=date(2026, 5, 18))
    assert soon.value == (date(2026, 5, 15),)
