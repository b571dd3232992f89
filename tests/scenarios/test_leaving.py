"""Cancelled, kept, paused, resumed, skipped, billed on another day."""

from __future__ import annotations

import pytest

from billing.rules.changes.refusals import CannotChange
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.movements import recurring_by_movements
from subscriptions.queries.overview import monthly_recurring
from subscriptions.rules.states import HoldKind
from tests.scenarios.conftest import Tell
from tests.scenarios.story import Story


def recurring(story: Story) -> list[str]:
    """Of the whole partner, as the panel says it and as its movements add up."""
    with tenant(story.twin.pk):
        said = [str(money) for money in monthly_recurring(story.twin.pk) if money]
        assert said == [str(money) for money in recurring_by_movements(story.twin.pk) if money]
    return said


def desired(story: Story) -> str:
    return story.world.read_account(story.subscription).desired


def test_cancelled_it_ends_with_its_period(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").cancels().expects(access="open", lifecycle="active")
    story.on("2026-02-27").expects(access="open")
    story.on("2026-02-28").expects(lifecycle="ended", access="blocked", charged=None)
    assert recurring(story) == []


def test_kept_it_goes_on(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").cancels().on("2026-02-20").keeps()
    story.on("2026-02-28").expects(lifecycle="active", charged="30.00 EUR")
    with pytest.raises(CannotChange, match="not cancelled"):
        story.keeps()


def test_ended_now_the_unused_days_go_to_the_balance_only_where_asked_for(story_in: Tell) -> None:
    story = story_in().on("2026-04-01").starts().on("2026-05-01", hours=1)
    story.on("2026-05-11").cancels("now", credit_unused=True)
    # 21 of 31 days: 30.00 × 21/31
    story.expects(lifecycle="ended", access="blocked", credit_notes=["20.32 EUR"], balance="20.32 EUR")
    assert story.stands()["periods"][-1] == ("2026-05-01", "2026-05-11")
    assert recurring(story) == []


def test_ended_now_without_credit_nothing_is_given_back(story: Story) -> None:
    story.on("2026-04-01").starts().on("2026-05-11").cancels("now").expects(credit_notes=[], balance="0.00 EUR")


def test_ended_on_the_day_that_its_term_began_the_term_keeps_that_day(story: Story) -> None:
    story.on("2026-04-01").starts().on("2026-05-01").cancels("now", credit_unused=True)
    story.expects(credit_notes=["30.00 EUR"], lifecycle="ended")
    assert story.stands()["periods"][-1] == ("2026-05-01", "2026-05-02")


def test_unpaid_the_end_of_the_period_is_at_once_and_nothing_is_owed(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines later").on("2026-03-02").cancels()
    story.expects(lifecycle="ended", access="blocked", invoices=["void"], next=None)


def test_a_pause_from_the_periods_end_closes_access_and_bills_nothing(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").pauses().expects(access="open")
    story.on("2026-02-27").expects(access="open", charged=None)
    assert "renewal_near" not in story.stands()["mails"]
    story.on("2026-02-28").expects(access="blocked", lifecycle="active", charged=None, next=None)
    assert desired(story) == "disabled"
    assert recurring(story) == []
    story.on("2026-04-15").expects(charged=None, invoices=[])
    story.resumes().expects(access="open", charged="30.00 EUR")
    assert story.stands()["periods"][-1] == ("2026-04-15", "2026-05-15")
    assert desired(story) == "enabled"
    assert recurring(story) == ["30.00 EUR"]


def test_a_pause_from_now_gives_the_unused_days_back_and_resuming_bills_anew(story: Story) -> None:
    story.on("2026-03-01").starts().on("2026-04-13").pauses("now")
    # 18 of 30 days
    story.expects(access="blocked", credit_notes=["18.00 EUR"], balance="18.00 EUR", until="2026-04-13")
    story.resumes().expects(access="open", charged="12.00 EUR", balance="0.00 EUR")
    assert story.stands()["periods"][-1] == ("2026-04-13", "2026-05-13")


def test_a_pause_ends_by_itself_on_its_day(story_in: Tell) -> None:
    story = story_in("America/Los_Angeles").on("2026-02-05").starts()
    story.on("2026-02-20").pauses("now", until="2026-03-08").expects(access="blocked", next="2026-03-08")
    # The day on which the clock moves.
    story.on("2026-03-08").expects(access="open", charged="30.00 EUR", until="2026-04-08")


def test_a_pause_that_has_not_begun_is_withdrawn(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").pauses(until="2026-05-01").on("2026-02-20").resumes()
    story.on("2026-02-28").expects(access="open", charged="30.00 EUR", until="2026-03-31")


def test_what_moves_the_end_moves_the_pause_with_it(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").pauses().extends(months=1)
    story.on("2026-03-30").expects(access="open")
    story.on("2026-03-31").expects(access="blocked", charged=None)


def test_a_hold_outlasts_the_pause(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").pauses("now").suspends().on("2026-02-20").resumes()
    story.expects(access="blocked", charged=None, holds=["manual"])
    story.on("2026-02-22").releases(HoldKind.MANUAL).expects(access="open", charged="30.00 EUR", until="2026-03-22")


def test_a_hold_that_goes_leaves_the_pause(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").suspends().pauses("now").releases(HoldKind.MANUAL)
    story.expects(access="blocked", holds=[])
    assert desired(story) == "disabled"


def test_one_that_is_paused_ends_at_once_when_cancelled(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").pauses("now").cancels().expects(lifecycle="ended")
    assert recurring(story) == []


@pytest.mark.parametrize("verb", ["pauses", "skips"])
def test_what_is_unpaid_is_settled_first(story: Story, verb: str) -> None:
    story.on("2026-01-31").starts(card="declines later").on("2026-03-02")
    with pytest.raises(CannotChange) as refused:
        getattr(story, verb)()
    assert refused.value.reason == "unpaid"


def test_a_skipped_renewal_makes_the_period_one_term_longer(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").skips().expects(until="2026-03-31", granted=31)
    story.on("2026-02-28").expects(charged=None)
    story.on("2026-03-31").expects(charged="30.00 EUR", until="2026-04-30")


def test_a_skipped_year_of_a_leap_day_comes_back_to_it(story: Story) -> None:
    story.on("2024-02-29").starts(plan="yearly 300.00 EUR").skips().skips().skips().expects(until="2028-02-29")
    story.on("2028-02-29").expects(charged="300.00 EUR")


def test_a_later_billing_date_costs_the_days_between(story: Story) -> None:
    story.on("2026-03-01").starts().on("2026-04-10").is_billed_on("2026-05-16")
    # 15 days at 30.00 ÷ 30
    story.expects(charged="15.00 EUR", until="2026-05-16")
    story.on("2026-05-16").expects(charged="30.00 EUR", until="2026-06-16")


def test_an_earlier_billing_date_gives_the_days_back(story: Story) -> None:
    story.on("2026-03-01").starts().on("2026-04-10").is_billed_on("2026-04-21")
    story.expects(until="2026-04-21", credit_notes=["10.00 EUR"], balance="10.00 EUR")
    story.on("2026-04-21").expects(charged="20.00 EUR", until="2026-05-21")


def test_days_given_back_once_are_not_given_back_again(story: Story) -> None:
    story.on("2026-03-01").starts().on("2026-04-10").is_billed_on("2026-04-21").is_billed_on("2026-04-20")
    story.expects(credit_notes=["10.00 EUR", "1.00 EUR"])
    story.cancels("now", credit_unused=True).expects(credit_notes=["10.00 EUR", "1.00 EUR", "10.00 EUR"])


def test_periods_bought_ahead_are_given_back_line_by_line(story: Story) -> None:
    story.on("2026-04-01").starts().on("2026-05-01").extends(months=3, paid="90.00 EUR").expects(until="2026-09-01")
    story.on("2026-05-11").cancels("now", credit_unused=True).expects(credit_notes=["110.32 EUR"])


def test_a_billing_date_that_is_not_paid_for_stays(story: Story) -> None:
    story.on("2026-03-01").starts(card="declines later").replaces_card_quietly("ok").on("2026-04-10")
    story.replaces_card_quietly("declines").is_billed_on("2026-05-10")
    story.expects(until="2026-05-01", invoices=["paid", "void"], collection="current")


@pytest.mark.parametrize(
    ("day", "reason"), [("2026-04-10", "not_ahead"), ("2026-05-01", "same_day"), ("2026-06-02", "too_far")]
)
def test_a_billing_date_lies_ahead_and_within_a_period(story: Story, day: str, reason: str) -> None:
    story.on("2026-03-01").starts().on("2026-04-10")
    with pytest.raises(CannotChange) as refused:
        story.is_billed_on(day)
    assert (refused.value.reason, refused.value.field) == (reason, "on")
