"""Holds, outages, no automatic renewal, the end, trials, the switch."""

from __future__ import annotations

import pytest

from billing.collection.switch import resume_charging, stop_charging
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import HoldKind
from tests.scenarios.story import Story


def test_extended_grace_freezes_the_whole_customer(story: Story) -> None:
    story.policy("extended").on("2026-01-31").starts(card="declines")
    story.on("2026-02-28").expects(collection="grace", access="open")
    for day in ("2026-03-01", "2026-03-03", "2026-03-05"):
        story.on(day).expects(collection="grace", mails=["payment_failed"])
    story.on("2026-03-14").expects(mails=["suspension_near"], access="open")
    story.on("2026-03-15").expects(
        access="blocked", collection="delinquent", mails=["account_suspended"], holds=["nonpayment"]
    )
    # 30.00 for a month from today, and for being late 30.00 × 15/31 days of grace.
    story.on("2026-03-20").pays("44.52 EUR").expects(access="open", holds=[], until="2026-04-20")


def test_a_hold_inside_the_period_moves_no_date(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-05").suspends().expects(access="blocked")
    story.on("2026-02-20").releases().expects(access="open")
    story.on("2026-02-21").suspends().on("2026-02-22").releases()
    story.on("2026-02-28").expects(charged="30.00 EUR", until="2026-03-31")


def test_a_hold_that_outlasts_the_period_lets_the_renewal_wait(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-05").suspends()
    story.on("2026-02-28").expects(charged=None, attempts=0)
    story.on("2026-03-10").expects(charged=None, next=None, until="2026-02-28")
    story.releases().expects(charged="30.00 EUR", access="open", until="2026-04-10")
    story.on("2026-04-10").expects(charged="30.00 EUR", until="2026-05-10")


def test_who_is_held_while_retrying_is_not_charged(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines").on("2026-02-28").suspends(HoldKind.FRAUD_REVIEW)
    story.on("2026-03-20").expects(attempts=1, collection="retrying")
    story.releases(HoldKind.FRAUD_REVIEW).expects(attempts=2, collection="retrying", access="open")
    story.on("2026-03-25").expects(access="open").on("2026-03-26").expects(access="blocked", attempts=4)


def test_an_eight_day_outage_costs_nobody_a_day(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines").outage("2026-03-01", "2026-03-09")
    story.expects(collection="retrying", access="open", attempts=3, mails=["payment_failed"])
    story.on("2026-03-11").expects(collection="grace", attempts=4)
    story.on("2026-03-12").expects(access="open", mails=["suspension_near"])
    story.on("2026-03-13").expects(access="blocked")


def test_an_outage_over_the_due_date_counts_from_the_first_charge(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines").outage("2026-02-20", "2026-03-05")
    story.expects(collection="retrying", attempts=1, mails=["payment_failed"])
    story.on("2026-03-11").expects(access="open").on("2026-03-12").expects(access="blocked")


def test_an_outage_of_35_days_bills_each_period_once(story: Story) -> None:
    story.on("2026-01-31").starts().outage("2026-02-27", "2026-04-03")
    story.expects(charged="60.00 EUR", until="2026-04-30", mails=["payment_received"], invoices=["paid", "paid"])
    story.on("2026-04-30").expects(charged="30.00 EUR")


def test_an_outage_of_35_days_bills_the_running_period_alone(story: Story) -> None:
    story.policy(catchup="latest").on("2026-01-31").starts().outage("2026-02-27", "2026-04-03")
    story.expects(charged="30.00 EUR", periods=[("2026-01-31", "2026-02-28"), ("2026-03-31", "2026-04-30")])


def test_of_reminders_left_behind_the_newest_alone_is_sent(story: Story) -> None:
    story.on("2025-03-10").starts(plan="yearly 300.00 EUR").outage("2026-01-20", "2026-03-08")
    story.expects(mails=["renewal_near"], next="2026-03-10")


def test_without_auto_renewal_a_pay_link_goes_out(story: Story) -> None:
    story.on("2026-01-31").starts(auto_renew=False)
    story.on("2026-02-25").expects(mails=["renewal_near"])
    story.on("2026-02-28").expects(
        mails=["payment_due", "grace_started"], collection="grace", access="open", attempts=0, invoices=["open"]
    )
    story.on("2026-03-06").expects(mails=["suspension_near"])
    story.on("2026-03-07").expects(access="blocked", attempts=0)


def test_cancelled_at_the_period_end_it_ends_unbilled(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").wishes(cancel_at_period_end=True)
    story.on("2026-02-27").expects(access="open", mails=[], lifecycle="active")
    story.on("2026-02-28").expects(lifecycle="ended", access="blocked", mails=["ended"], next=None, invoices=[])


def test_who_cancels_while_unpaid_is_not_charged_any_more(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines").on("2026-02-28")
    story.wishes(cancel_at_period_end=True).expects(lifecycle="ended", invoices=["void"], next=None)
    story.on("2026-03-20").expects(attempts=1, holds=[])


def test_a_trial_with_a_card_becomes_paid(story: Story) -> None:
    story.on("2026-01-10").starts(trial_until="2026-01-24").expects(lifecycle="trialing", access="open")
    story.on("2026-01-21").expects(mails=["trial_ending"])
    story.on("2026-01-24").expects(lifecycle="active", charged="30.00 EUR", until="2026-02-24")


def test_a_trial_without_a_card_asks_for_payment(story: Story) -> None:
    story.on("2026-01-10").starts(trial_until="2026-01-24", card="")
    story.on("2026-01-24").expects(mails=["trial_over", "grace_started"], access="open", collection="grace")
    story.on("2026-01-31").expects(access="blocked")


def test_a_new_card_after_a_trial_without_one_is_charged_at_once(story: Story) -> None:
    story.on("2026-01-10").starts(trial_until="2026-01-24", card="").on("2026-01-25").replaces_card("declines")
    story.expects(attempts=1, mails=["payment_failed"]).on("2026-01-26").replaces_card("ok")
    story.expects(charged="30.00 EUR", lifecycle="active", collection="current")


@pytest.mark.parametrize("card", ["ok", "answer lost"])
def test_while_charging_is_stopped_nobody_is_asked(story: Story, card: str) -> None:
    story.on("2026-01-31").starts(card=card).on("2026-02-27")
    with tenant(story.twin.pk):
        stop_charging(reason="The bank moves house.", actor=story.world.system, now=story.now)
    story.on("2026-03-02").expects(attempts=0, collection="current", access="open")
    with tenant(story.twin.pk):
        resume_charging(actor=story.world.system, now=story.now)
    story.on("2026-03-02", hours=1).expects(charged="30.00 EUR", until="2026-03-31")


def test_an_answer_that_is_lost_is_looked_up_and_never_asked_for_twice(story: Story) -> None:
    story.on("2026-01-31").starts(card="answer lost")
    story.on("2026-02-28", hours=1).expects(charged="30.00 EUR", attempts=1, until="2026-03-31")


def test_a_charge_to_be_confirmed_is_told_once(story: Story) -> None:
    story.on("2026-01-31").starts(card="asks to confirm")
    story.on("2026-02-28").expects(mails=["payment_needs_confirmation"], access="open", attempts=1)
    story.on("2026-03-01").expects(mails=[])
