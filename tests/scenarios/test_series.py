"""Mails that follow a start and a cancellation by days, told by the calendar."""

from __future__ import annotations

from notifications.series.consumer import handle
from notifications.series.models import SeriesStep
from partnerpanel.events.models import Event
from partnerpanel.tenancy.scope import tenant
from tests.scenarios.story import Story

GUIDE, FEATURES, FEEDBACK = "welcome_guide", "welcome_features", "welcome_feedback"


def outcomes(story: Story) -> list[tuple[str, int, str]]:
    with tenant(story.twin.pk):
        rows = SeriesStep.objects.for_partner(story.twin.pk).filter(subscription=story.subscription)
        return list(rows.order_by("series", "step").values_list("series", "step", "outcome"))


def test_who_begins_is_welcomed_on_days_1_3_and_7_at_ten_in_the_morning(story: Story) -> None:
    story.on("2026-01-31").subscribes()
    story.expects(mails=["payment_received", "started"])
    story.on("2026-02-01").expects(mails=[])
    story.on("2026-02-01", hours=10).expects(mails=[GUIDE])
    story.on("2026-02-02", hours=23).expects(mails=[])
    story.on("2026-02-03", hours=11).expects(mails=[FEATURES])
    story.on("2026-02-07", hours=11).expects(mails=[FEEDBACK])
    assert {outcome for _series, _step, outcome in outcomes(story)} == {"told"}


def test_the_policy_says_on_which_days(story: Story) -> None:
    story.on("2026-01-31").policy(welcome__days=[0, 2, 4, 6]).subscribes()
    story.on("2026-02-01", hours=11).expects(mails=[])
    story.on("2026-02-02", hours=11).expects(mails=[GUIDE])


def test_a_trial_is_a_start_and_its_first_payment_welcomes_nobody_again(story: Story) -> None:
    story.on("2026-01-31").subscribes(trial_days=14)
    story.on("2026-02-07", hours=11).expects(mails=[FEEDBACK])
    story.on("2026-02-15", hours=11).expects(mails=[])


def test_who_is_suspended_meanwhile_hears_no_more_of_the_welcome(story: Story) -> None:
    story.on("2026-01-31").subscribes()
    story.on("2026-02-02").suspends()
    story.on("2026-02-08", hours=11)
    assert [outcome for _series, _step, outcome in outcomes(story)] == ["told", "stopped", "stopped"]


def test_who_cancels_is_asked_to_stay_seven_days_before_the_end(story: Story) -> None:
    story.on("2026-01-31").subscribes()
    story.on("2026-02-10").cancels()
    story.on("2026-02-21", hours=9).expects(mails=[])
    story.on("2026-02-21", hours=10).expects(mails=["winback"])
    story.on("2026-02-28").expects(mails=["ended"])


def test_who_cancels_in_the_last_week_is_asked_a_day_later(story: Story) -> None:
    story.on("2026-01-31").subscribes()
    story.on("2026-02-24").cancels()
    story.on("2026-02-25", hours=1).expects(mails=["winback"])


def test_who_stays_is_not_asked(story: Story) -> None:
    story.on("2026-01-31").subscribes()
    story.on("2026-02-10").cancels()
    story.on("2026-02-12").keeps()
    story.on("2026-02-21", hours=11).expects(mails=[])
    assert outcomes(story)[-1] == ("winback", 0, "stopped")


def test_an_outage_over_the_days_of_a_welcome_brings_none_of_it_later(story: Story) -> None:
    story.on("2026-01-31").subscribes()
    story.outage("2026-01-31", "2026-02-12")
    assert [outcome for _series, _step, outcome in outcomes(story)] == ["stopped", "stopped", "stopped"]


def test_an_event_that_comes_twice_welcomes_once(story: Story) -> None:
    story.on("2026-01-31").subscribes()
    with tenant(story.twin.pk):
        events = list(Event.objects.for_partner(story.twin.pk).filter(kind="subscription.started"))
        handle(events, story.now)
    assert len(outcomes(story)) == 3
