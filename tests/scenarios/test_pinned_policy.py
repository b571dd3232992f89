"""A collection case goes on under the policy with which it opened; what is changed meanwhile counts from the next."""

from __future__ import annotations

from billing.queries.cases import PinnedCase, cases_of
from partnerpanel.kernel.clock import start_of_day
from partnerpanel.tenancy.scope import tenant
from tests.scenarios.story import Story


def cases(story: Story) -> list[PinnedCase]:
    """All of the story, the newest first."""
    begun = start_of_day(story.today.replace(year=2024, month=1, day=1), story.zone)
    with tenant(story.twin.pk):
        return cases_of(story.twin.pk, [story.subscription], since=begun)


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
