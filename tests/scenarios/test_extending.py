"""More time: given or sold, over a running period, an unpaid one, and past the deadline."""

from __future__ import annotations

import pytest

from billing.rules.changes.refusals import CannotChange
from tests.scenarios.conftest import Tell
from tests.scenarios.story import Story


def test_months_follow_the_anchor_and_the_31st_comes_back(story: Story) -> None:
    story.on("2026-01-31").starts()
    story.on("2026-02-10").extends(months=1).expects(until="2026-03-31", granted=31, charged=None)
    story.on("2026-03-31").expects(charged="30.00 EUR", until="2026-04-30")


def test_days_move_the_anchor_to_the_new_end(story: Story) -> None:
    story.on("2026-01-31").starts()
    story.on("2026-02-10").extends(days=10).expects(until="2026-03-10", granted=10)
    story.on("2026-03-10").expects(charged="30.00 EUR", until="2026-04-10")


def test_a_yearly_plan_extended_by_a_month_is_a_year_long_again_after_it(story: Story) -> None:
    story.on("2024-02-29").starts(plan="yearly 300.00 EUR")
    story.on("2024-03-10").extends(months=1).expects(until="2025-03-29")
    story.on("2025-03-29").expects(charged="300.00 EUR", until="2026-03-29")


def test_an_extension_across_a_clock_change_ends_at_a_local_midnight(story_in: Tell) -> None:
    story = story_in("America/Los_Angeles").on("2026-02-08").starts()
    story.on("2026-02-20").extends(months=1).expects(until="2026-04-08")
    story.on("2026-04-08").expects(charged="30.00 EUR")


def test_the_day_that_a_zone_left_out_is_no_obstacle(story_in: Tell) -> None:
    story = story_in("Pacific/Apia", day="2011-10-01").on("2011-11-30").starts()
    story.on("2011-12-05").expects(until="2011-12-30").extends(days=1).expects(until="2011-12-31", granted=1)
    story.on("2011-12-31").expects(charged="30.00 EUR", until="2012-01-31")


def test_the_reminder_is_sent_again_before_the_new_end(story: Story) -> None:
    story.on("2026-01-10").starts()
    story.on("2026-02-07").expects(mails=["renewal_near"]).extends(months=1)
    story.on("2026-03-07").expects(mails=["renewal_near"])


def test_an_unpaid_renewal_is_voided_and_its_retries_stop(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines later").on("2026-03-01").expects(collection="retrying")
    story.extends(months=1).expects(collection="current", invoices=["void"], until="2026-03-31", charged=None)
    story.on("2026-03-30").expects(attempts=2, collection="current")
    story.on("2026-03-31").expects(attempts=3, invoices=["void", "open"])


def test_past_the_deadline_the_hold_goes_and_no_fee_is_asked(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines later").on("2026-03-08").expects(access="blocked")
    with pytest.raises(CannotChange, match="not after today"):
        story.extends(days=3)
    story.extends(months=1).expects(access="open", collection="current", holds=[], until="2026-03-31")


def test_a_payment_over_an_unpaid_renewal_pays_it_and_is_the_extension(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines later").on("2026-03-02")
    story.extends(months=3, paid="35.00 EUR").expects(
        collection="current", invoices=["paid"], until="2026-05-31", granted=61, charged="35.00 EUR", balance="5.00 EUR"
    )
    assert story.stands()["periods"][-1] == ("2026-02-28", "2026-05-31")
    # What lay over from the first is taken from the next.
    story.on("2026-05-31").expects(balance="0.00 EUR")


@pytest.mark.parametrize(
    ("days", "amount", "reason"), [(5, "30.00", "shorter_than_invoice"), (0, "20.00", "too_little")]
)
def test_a_payment_covers_the_invoice_and_the_extension_its_period(
    story: Story, days: int, amount: str, reason: str
) -> None:
    story.on("2026-01-31").starts(card="declines later").on("2026-03-02")
    with pytest.raises(CannotChange) as refused:
        story.extends(days=days, months=0 if days else 1, paid=f"{amount} EUR")
    assert refused.value.reason == reason
    story.expects(collection="retrying", invoices=["open"])


def test_a_payment_past_the_deadline_begins_on_its_day(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines later").on("2026-03-10").extends(months=1, paid="30.00 EUR")
    story.expects(access="open", collection="current", invoices=["void", "paid"], granted=0)
    assert story.stands()["periods"][-1] == ("2026-03-10", "2026-04-10")


def test_a_payment_without_an_invoice_buys_whole_periods(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").extends(months=3, paid="100.00 EUR")
    story.expects(until="2026-05-31", granted=0, invoices=["paid"], charged="100.00 EUR", balance="10.00 EUR")
    story.on("2026-02-28").expects(charged=None)
    story.on("2026-05-31").expects(charged="20.00 EUR", balance="0.00 EUR")


def test_a_payment_for_half_a_year_of_a_yearly_plan_is_refused(story: Story) -> None:
    story.on("2026-01-31").starts(plan="yearly 300.00 EUR")
    with pytest.raises(CannotChange) as refused:
        story.extends(months=6, paid="150.00 EUR")
    assert (refused.value.reason, refused.value.field) == ("not_whole_periods", "payment")


def test_weeks_are_bought_by_days(story: Story) -> None:
    story.on("2026-01-05").starts(plan="weekly 7.00 EUR").extends(days=14, paid="14.00 EUR")
    story.expects(until="2026-01-26", invoices=["paid"], granted=0)


def test_a_trial_is_extended_with_its_end(story: Story) -> None:
    story.on("2026-01-31").starts(trial_until="2026-02-14").extends(days=14).expects(until="2026-02-28")
    story.on("2026-02-20").expects(lifecycle="trialing", charged=None)
    story.on("2026-02-28").expects(lifecycle="active", charged="30.00 EUR", until="2026-03-28")


def test_one_that_is_to_end_ends_later(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").cancels().extends(months=1)
    story.on("2026-03-30").expects(lifecycle="active")
    story.on("2026-03-31").expects(lifecycle="ended", charged=None)


def test_a_note_is_required(story: Story) -> None:
    story.on("2026-01-31").starts()
    with pytest.raises(CannotChange) as refused:
        story.extends(months=1, note=" ")
    assert refused.value.field == "note"
