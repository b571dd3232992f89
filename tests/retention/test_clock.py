"""When somebody's data is erased, by days."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from partnerpanel.policy.rules.resolution import PLATFORMS, Layer, ResolvedPolicy, Source, SourceKind, resolve
from partnerpanel.retention.rules import Clock, Left, Step, clock_of, step_of

ZONE = "Europe/Berlin"
END = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)


def policy(days: int | None) -> ResolvedPolicy:
    return resolve([Layer(Source(SourceKind.PARTNER, "", 1), {"retention.days_after_end": days})])


def left(*, ended: datetime | None = END, unpaid: datetime | None = None, days: int | None = 30) -> Left:
    return Left(ZONE, ended, unpaid, policy(days))


def test_it_counts_from_the_local_day_of_the_end() -> None:
    clock = clock_of([left()], is_held=False)
    assert clock == Clock(date(2026, 2, 1), date(2026, 3, 3), ZONE)
    assert clock.warnings_on == (date(2026, 2, 17), date(2026, 2, 28))


def test_nonpayment_starts_it_like_an_end() -> None:
    assert clock_of([left(ended=None, unpaid=END)], is_held=False) == clock_of([left()], is_held=False)


def test_what_is_served_keeps_everything() -> None:
    assert clock_of([left(), left(ended=None)], is_held=False) is None


def test_a_hold_for_abuse_or_in_review_never_starts_it() -> None:
    assert clock_of([left()], is_held=True) is None


def test_the_subscription_whose_data_is_kept_longest_counts() -> None:
    for days, erase_on in ((90, date(2026, 5, 2)), (None, None)):
        clock = clock_of([left(), left(days=days)], is_held=False)
        assert clock is not None
        assert clock.erase_on == erase_on


def test_whoever_never_had_anything_is_no_case() -> None:
    assert clock_of([], is_held=False) is None


CLOCK = Clock(date(2026, 2, 1), date(2026, 3, 3), ZONE)


@pytest.mark.parametrize(
    ("today", "warnings", "warned", "step", "next_on"),
    [
        (date(2026, 2, 1), 0, None, Step.WAIT, date(2026, 2, 17)),
        (date(2026, 2, 17), 0, None, Step.WARN, date(2026, 2, 28)),
        (date(2026, 2, 17), 1, date(2026, 2, 17), Step.WAIT, date(2026, 2, 28)),
        (date(2026, 2, 28), 1, date(2026, 2, 17), Step.WARN, date(2026, 3, 3)),
        (date(2026, 3, 2), 2, date(2026, 2, 28), Step.WAIT, date(2026, 3, 3)),
        (date(2026, 3, 3), 2, date(2026, 2, 28), Step.ERASE, date(2026, 3, 4)),
    ],
)
def test_warned_twice_then_erased(today: date, warnings: int, warned: date | None, step: Step, next_on: date) -> None:
    due = step_of(CLOCK, warnings=warnings, last_warned_on=warned, today=today)
    assert (due.step, due.next_on, due.erase_on) == (step, next_on, date(2026, 3, 3))


def test_after_an_outage_the_last_warning_is_made_up_for_and_the_erasure_waits() -> None:
    due = step_of(CLOCK, warnings=0, last_warned_on=None, today=date(2026, 3, 20))
    assert (due.step, due.warnings, due.erase_on) == (Step.WARN, 2, date(2026, 3, 23))
    waits = step_of(CLOCK, warnings=2, last_warned_on=date(2026, 3, 20), today=date(2026, 3, 22))
    assert waits.step is Step.WAIT
    assert step_of(CLOCK, warnings=2, last_warned_on=date(2026, 3, 20), today=date(2026, 3, 23)).step is Step.ERASE


def test_kept_for_good_nothing_is_ever_due() -> None:
    clock = clock_of([left(days=None)], is_held=False)
    assert clock is not None
    assert step_of(clock, warnings=0, last_warned_on=None, today=date(2036, 1, 1)).next_on is None
    assert PLATFORMS.policy.retention.days_after_end == 30
