"""Month ends, leap days, clock changes and zones: no day is lost or given away."""

from __future__ import annotations

from datetime import date

import pytest

from partnerpanel.kernel.clock import start_of_day
from tests.scenarios.conftest import Tell
from tests.scenarios.story import Story

ZONES = ["Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata"]


@pytest.mark.parametrize("zone", ZONES)
def test_the_31st_comes_back_after_short_months(story_in: Tell, zone: str) -> None:
    story = story_in(zone).on("2026-01-31").starts()
    for day in ("2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"):
        story.on(day).expects(charged="30.00 EUR", mails=["payment_received"])
    assert story.row().due_at == start_of_day(date(2026, 6, 27), zone)


@pytest.mark.parametrize("zone", ZONES)
def test_a_yearly_subscription_of_a_leap_day_comes_back_to_it(story_in: Tell, zone: str) -> None:
    story = story_in(zone).on("2024-02-29").starts(plan="yearly 300.00 EUR")
    story.on("2025-01-29").expects(mails=["renewal_near"])
    story.on("2025-02-21").expects(mails=["renewal_near"])
    story.on("2025-02-25").expects(mails=["renewal_near"])
    for day in ("2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"):
        story.on(day).expects(charged="300.00 EUR")


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("Europe/Berlin", "2026-03-25"),
        ("Europe/Berlin", "2026-10-21"),
        ("America/Los_Angeles", "2026-03-04"),
        ("America/Los_Angeles", "2026-10-28"),
    ],
)
def test_a_clock_change_neither_loses_nor_gains_a_day(story_in: Tell, zone: str, start: str) -> None:
    story = story_in(zone).on(start).starts(plan="daily 1.00 EUR")
    first = date.fromisoformat(start).toordinal()
    for offset in range(1, 8):
        day = date.fromordinal(first + offset)
        story.on(day.isoformat()).expects(charged="1.00 EUR", next=date.fromordinal(first + offset + 1).isoformat())


@pytest.mark.parametrize("zone", ZONES)
def test_retries_and_deadline_are_local_days_across_a_clock_change(story_in: Tell, zone: str) -> None:
    story = story_in(zone).on("2026-02-07").starts(card="declines")
    for day in ("2026-03-07", "2026-03-08", "2026-03-10", "2026-03-12"):
        story.on(day)
        assert "payment_failed" in story.stands()["mails"], day
    story.on("2026-03-13", hours=23).expects(access="open")
    story.on("2026-03-14").expects(access="blocked")


def test_two_years_of_months_are_charged_once_each(story: Story) -> None:
    story.on("2024-01-31").starts().on("2026-01-31")
    stands = story.stands()
    assert stands["invoices"] == ["paid"] * 24
    assert all(before[1] == after[0] for before, after in zip(stands["periods"], stands["periods"][1:], strict=False))
