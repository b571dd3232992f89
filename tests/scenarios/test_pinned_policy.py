"""A collection case goes on under the policy with which it opened; what is changed meanwhile counts from the next."""

from __future__ import annotations

from billing.queries.cases import PinnedCase, cases_of
from notifications.queries import messages_of
from partnerpanel.kernel.clock import start_of_day
from partnerpanel.tenancy.scope import tenant
from tests.scenarios.story import Story


def cases(story: Story) -> list[PinnedCase]:
    """All of the story, the newest first."""
    begun = start_of_day(story.today.replace(year=2024, month=1, day=1), story.zone)
    with tenant(story.twin.pk):
        return cases_of(story.twin.pk, [story.subscription], since=begun)


def mail(story: Story, kind: str) -> str:
    """The newest mail of this kind, as it was written."""
    with tenant(story.twin.pk):
        found = [one for one in messages_of(story.twin.pk, story.customer, limit=50) if one.kind.value == kind]
    return found[0].body


def test_mails_say_what_comes_of_it_by_the_pinned_policy(story: Story) -> None:
    story.policy(grace__days=9).on("2026-01-31").starts(card="declines").on("2026-02-28", hours=1)
    story.policy(grace__days=3, grace__then="cancel", retention__days_after_end=5)
    suspended = "If it is not paid before March 9, 2026, your subscription is suspended on that day until it is paid."
    kept = "Without a payment your data is kept until April 7, 2026."
    story.on("2026-03-08", hours=1)
    for kind in ("payment_failed", "grace_started", "suspension_near"):
        assert f"{suspended} {kept}" in mail(story, f"subscription_{kind}")
    body = mail(story.on("2026-03-09", hours=1), "subscription_suspended")
    assert kept in body
    assert "If it is not paid before" not in body


def test_who_pays_by_hand_is_reminded_of_the_deadline(story: Story) -> None:
    story.on("2026-01-31").starts(card="", auto_renew=False).on("2026-02-25", hours=1)
    suspended = "If it is not paid before March 7, 2026, your subscription is suspended on that day until it is paid."
    assert suspended in mail(story, "subscription_renewal_near")
    assert suspended in mail(story.on("2026-02-28", hours=1), "subscription_payment_due")


def test_a_case_keeps_its_policy_and_the_next_one_has_the_new(story: Story) -> None:
    story.policy(grace__days=9).on("2026-01-31").starts(card="declines")
    story.on("2026-02-28").expects(collection="retrying")
    story.policy(grace__days=3, retry__offsets_days=[2], grace__then="cancel")
    # Under the new one it would have ended on March 3.
    story.on("2026-03-04").expects(lifecycle="active", attempts=3)
    story.on("2026-03-09").expects(lifecycle="active", collection="delinquent", holds=["nonpayment"])
    story.pays().expects(collection="current", holds=[])
    story.on("2026-04-09").expects(collection="retrying")
    story.on("2026-04-12").expects(lifecycle="ended")
    after, before = cases(story)
    assert (before.policy.policy.grace.days, after.policy.policy.grace.days) == (9, 3)
    assert (before.policy.source("grace.days").version, after.policy.source("grace.days").version) == (1, 2)
    assert before.closed_at is not None
