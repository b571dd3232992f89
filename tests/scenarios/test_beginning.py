"""How a subscription begins: paid at once, not paid, later, and with a trial."""

from __future__ import annotations

from tests.scenarios.story import Story


def test_it_begins_when_the_card_is_charged(story: Story) -> None:
    story.on("2026-01-31").subscribes()
    story.expects(lifecycle="active", access="open", service="full", charged="30.00 EUR", until="2026-02-28")
    story.expects(mails=["payment_received", "started"], invoices=["paid"], attempts=1)
    story.on("2026-02-28").expects(charged="30.00 EUR", until="2026-03-31")


def test_before_the_first_payment_nothing_is_set_up(story: Story) -> None:
    story.on("2026-01-31").subscribes(card="")
    story.expects(
        lifecycle="incomplete", access="blocked", service="none", mails=["first_payment_needed"], charged=None
    )
    story.on("2026-02-03").pays().expects(lifecycle="active", service="full", charged="30.00 EUR")
    # Three days were lost to the payment, and a whole month follows it.
    story.expects(periods=[("2026-01-31", "2026-03-03")], granted=3, mails=["payment_received", "started"])
    story.on("2026-03-03").expects(collection="grace", until="2026-03-03", invoices=["paid", "open"])


def test_what_is_never_paid_is_not_owed(story: Story) -> None:
    story.on("2026-01-31").subscribes(card="declines").expects(
        lifecycle="incomplete", mails=["first_payment_needed"], attempts=1, next="2026-02-01"
    )
    for day in ("2026-02-01", "2026-02-03", "2026-02-05"):
        story.on(day).expects(mails=["first_payment_needed"], access="blocked")
    story.on("2026-02-06").expects(lifecycle="incomplete", mails=[], attempts=4)
    story.on("2026-02-07").expects(lifecycle="ended", invoices=["void"], service="none", mails=["ended"], next=None)


def test_a_new_card_pays_what_the_first_could_not(story: Story) -> None:
    story.on("2026-01-31").subscribes(card="closed").expects(lifecycle="incomplete", next="2026-02-07")
    story.on("2026-02-02").replaces_card("ok").expects(lifecycle="active", charged="30.00 EUR", until="2026-03-02")


def test_an_answer_that_is_lost_starts_it_once(story: Story) -> None:
    story.on("2026-01-31").subscribes(card="answer lost").expects(lifecycle="incomplete", service="none")
    story.on("2026-01-31", hours=1).expects(lifecycle="active", charged="30.00 EUR", attempts=1, service="full")


def test_a_bank_that_asks_first_is_waited_for(story: Story) -> None:
    story.on("2026-01-31").subscribes(card="asks to confirm")
    story.expects(lifecycle="incomplete", mails=["payment_needs_confirmation"], service="none")
    story.on("2026-02-05").expects(lifecycle="incomplete", mails=[], attempts=1)


def test_it_begins_by_itself_on_its_day(story: Story) -> None:
    story.on("2026-01-31").subscribes(starts_on="2026-02-10")
    story.expects(lifecycle="scheduled", mails=["start_scheduled"], service="none", next="2026-02-10", charged=None)
    story.on("2026-02-10").expects(lifecycle="active", charged="30.00 EUR", until="2026-03-10", service="full")


def test_after_an_outage_it_begins_on_the_day_we_are_back(story: Story) -> None:
    story.on("2026-01-31").subscribes(starts_on="2026-02-10").outage("2026-02-08", "2026-02-20")
    story.expects(lifecycle="active", charged="30.00 EUR", periods=[("2026-02-20", "2026-03-20")])


def test_cancelled_before_its_day_it_never_begins(story: Story) -> None:
    story.on("2026-01-31").subscribes(starts_on="2026-02-10").on("2026-02-05").cancels("now")
    story.expects(lifecycle="ended", next=None).on("2026-02-12").expects(charged=None, invoices=[], service="none")


def test_a_start_waits_for_the_release_of_who_is_held(story: Story) -> None:
    story.on("2026-01-31").subscribes(starts_on="2026-02-10").on("2026-02-05").suspends()
    story.on("2026-02-12").expects(lifecycle="scheduled", charged=None)
    story.on("2026-02-15").releases().expects(lifecycle="active", until="2026-03-15", charged="30.00 EUR")


def test_billed_on_another_day_the_first_period_is_a_part(story: Story) -> None:
    story.on("2026-01-10").subscribes("monthly 31.00 EUR", anchor_day=1)
    # 31.00 for 31 days; 22 of them are left until the first of February.
    story.expects(charged="22.00 EUR", until="2026-02-01").on("2026-02-01").expects(
        charged="31.00 EUR", until="2026-03-01"
    )


def test_billed_on_the_31st_it_follows_the_ends_of_months(story: Story) -> None:
    story.on("2026-02-14").subscribes("monthly 28.00 EUR", anchor_day=31).expects(until="2026-02-28")
    story.on("2026-03-31").expects(until="2026-04-30")


def test_a_trial_with_a_card_is_reminded_of_and_charged(story: Story) -> None:
    story.on("2026-01-10").subscribes(trial_days=14)
    story.expects(lifecycle="trialing", access="open", service="full", charged=None, mails=["trial_started"])
    story.on("2026-01-21").expects(mails=["trial_ending"])
    story.on("2026-01-24").expects(lifecycle="active", charged="30.00 EUR", until="2026-02-24", invoices=["paid"])


def test_a_trial_without_a_card_asks_for_the_first_payment(story: Story) -> None:
    story.on("2026-01-10").subscribes(trial_days=14, card="")
    story.on("2026-01-21").expects(mails=["trial_ending"])
    story.on("2026-01-24").expects(mails=["trial_over", "grace_started"], collection="grace", access="open")
    story.on("2026-01-31").expects(access="blocked", charged=None)


def test_a_trial_that_starts_later_keeps_its_length(story: Story) -> None:
    story.on("2026-01-10").subscribes(trial_days=14, starts_on="2026-02-01").expects(mails=["start_scheduled"])
    story.outage("2026-01-31", "2026-02-03").expects(lifecycle="trialing", until="2026-02-17", charged=None)
    story.on("2026-02-17").expects(lifecycle="active", charged="30.00 EUR", until="2026-03-17")


def test_cancelled_in_its_trial_it_ends_unpaid(story: Story) -> None:
    story.on("2026-01-10").subscribes(trial_days=14).on("2026-01-15").cancels()
    story.on("2026-01-21").expects(mails=[]).on("2026-01-24").expects(lifecycle="ended", invoices=[], charged=None)


def test_a_start_follows_the_policy_of_its_day_and_not_of_the_day_on_which_it_was_bought(story: Story) -> None:
    story.on("2026-01-31").policy(retry__offsets_days=[1, 3, 5], grace__days=7)
    story.subscribes(starts_on="2026-02-10", card="declines").expects(lifecycle="scheduled")
    story.on("2026-02-05").policy(retry__offsets_days=[2], grace__days=4)
    story.on("2026-02-10").expects(lifecycle="incomplete", attempts=1, next="2026-02-12")
    # Too late for this one: its case keeps the policy that it opened with.
    story.on("2026-02-11").policy(retry__offsets_days=[1, 3, 5], grace__days=7)
    story.on("2026-02-12").expects(attempts=2, lifecycle="incomplete")
    story.on("2026-02-14").expects(lifecycle="ended", invoices=["void"], attempts=2, next=None)
