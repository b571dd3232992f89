"""What is known of somebody who left: warned twice, erased after thirty days, kept for who returns in time."""

from __future__ import annotations

from datetime import date

from notifications.models import Message
from partnerpanel.events.queries import timeline
from partnerpanel.kernel.clock import local_date
from partnerpanel.retention.queries.clocks import erasure_ahead
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import HoldKind
from tests.scenarios.conftest import Tell
from tests.scenarios.story import Story


def days(story: Story, *kinds: str) -> list[tuple[str, str]]:
    with tenant(story.twin.pk):
        entries = timeline(story.twin.pk, story.customer, limit=200)
    found = [(local_date(one.occurred_at, story.zone).isoformat(), one.kind) for one in entries if one.kind in kinds]
    return sorted(found)


def erased(story: Story) -> bool:
    return story.world.read_customer(story.customer).erased_at is not None


OURS = ("retention.warned", "customer.erased")


def test_thirty_days_after_the_end_everything_personal_is_gone(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").cancels().on("2026-03-01")
    with tenant(story.twin.pk):
        ahead = erasure_ahead(story.twin.pk, story.customer)
    assert ahead is not None
    assert (ahead.since_on, ahead.erase_on) == (date(2026, 2, 28), date(2026, 3, 30))
    story.on("2026-03-29", hours=12)
    assert not erased(story)
    story.on("2026-03-30", hours=1)
    assert days(story, *OURS) == [
        ("2026-03-16", "retention.warned"),
        ("2026-03-27", "retention.warned"),
        ("2026-03-30", "customer.erased"),
    ]
    assert erased(story)
    with tenant(story.twin.pk):
        messages = Message.objects.for_partner(story.twin.pk).filter(customer=story.customer)
        assert not messages.exclude(body="", to_address="", subject="").exists()


def test_the_warnings_are_mailed_and_name_the_day(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").cancels().on("2026-03-29")
    with tenant(story.twin.pk):
        rows = Message.objects.for_partner(story.twin.pk).filter(kind="account_erasure_near")
        assert [("Mar 30, 2026" in row.subject or "30" in row.subject) for row in rows] == [True, True]


def test_unpaid_and_suspended_the_clock_runs_too_and_the_subscription_ends_with_it(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines later").on("2026-03-07", hours=1).expects(access="blocked")
    story.on("2026-04-05").expects(lifecycle="active")
    assert not erased(story)
    story.on("2026-04-06", hours=1)
    assert story.row().lifecycle == "ended"
    assert erased(story)


def test_a_payment_in_time_keeps_everything(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines later").on("2026-03-30").pays().on("2026-04-20")
    assert days(story, *OURS) == [("2026-03-23", "retention.warned")]
    assert not erased(story)


def test_a_manual_hold_never_starts_the_clock(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").suspends(HoldKind.MANUAL).on("2026-06-01")
    assert days(story, *OURS) == []


def test_kept_for_good_nothing_is_erased(story_in: Tell) -> None:
    story = story_in().on("2026-01-31").policy(retention__days_after_end=None)
    story.starts().on("2026-02-10").cancels("now").on("2026-12-01")
    assert days(story, *OURS) == []


def test_a_policy_that_begins_to_erase_reaches_those_who_left_before(story_in: Tell) -> None:
    story = story_in().on("2026-01-31").policy(retention__days_after_end=None)
    story.starts().on("2026-02-10").cancels("now").on("2026-06-01").policy(retention__days_after_end=30)
    story.on("2026-06-02")
    assert days(story, *OURS) == [("2026-06-01", "retention.warned")]
    story.on("2026-06-05")
    assert erased(story)


def test_after_an_outage_there_is_a_warning_before_anything_is_erased(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").cancels().outage("2026-03-01", "2026-05-01").catches_up()
    assert days(story, *OURS) == [("2026-05-01", "retention.warned")]
    story.on("2026-05-05")
    assert days(story, *OURS) == [("2026-05-01", "retention.warned"), ("2026-05-04", "customer.erased")]


def test_a_second_look_changes_nothing(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").cancels("now").on("2026-03-20")
    version = story.world.read_customer(story.customer).version
    story.catches_up().on("2026-08-01")
    assert erased(story)
    assert story.world.read_customer(story.customer).version == version
