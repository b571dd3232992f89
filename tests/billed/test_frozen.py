"""A partner that does not pay: 15 days of grace, then frozen; its customers wait and are caught up once it has paid."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from billing.collection.switch import standstill
from partnerpanel.kernel.clock import start_of_day
from partnerpanel.platform.rules.standing import Standing, Why
from partnerpanel.platform.services import standing
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_twin
from subscriptions.rules.states import HoldKind
from tests.actions.carry_out import carry_out, reactivate, suspend
from tests.billed.billing_platform import ZONE, Platform
from tests.people import Team
from tests.scenarios.promises import keeps_its_promises
from tests.scenarios.story import Story
from tests.world import World

pytestmark = pytest.mark.django_db


def why(partner: Partner) -> Why | None:
    partner.refresh_from_db()
    return Standing.from_document(partner.standing).frozen


def told(partner: Partner, day: str) -> list[str]:
    partner.refresh_from_db()
    sentences = Standing.from_document(partner.standing).sentences(date.fromisoformat(day))
    return [sentence.code for sentence in sentences]


def story_of(partner: Partner, day: str) -> Story:
    """A customer of the partner, told in its test mode, which stands as the partner does."""
    return Story(create_twin(partner, now=start_of_day(date.fromisoformat(day), ZONE)), ZONE)


def test_fifteen_days_of_grace_then_frozen_until_it_pays(platform: Platform, team: Team) -> None:
    platform.enrols(team.partner, card="declines")
    assert platform.on("2026-01-14").partners[0].standing == {}
    platform.on("2026-01-15")  # the trial is over, and the card declines
    assert told(team.partner, "2026-01-15")[:2] == ["banner.full", "banner.retries"]
    assert platform.on("2026-01-29").partners[0].frozen_since is None
    assert platform.on("2026-01-30").partners[0].frozen_since == platform.now
    assert why(team.partner) is Why.NONPAYMENT
    assert told(team.partner, "2026-02-05")[0] == "banner.after.freeze"
    assert platform.paid() == []
    platform.on("2026-02-10").pays_with("ok")
    # 15 days of grace at 49.00 a month of 31 days (23.71), and the full price of a month from that day on.
    assert platform.paid() == ["72.71 EUR"]
    assert team.partner.frozen_since is None
    assert team.partner.standing == {}


def test_its_customers_wait_and_are_caught_up_without_a_charge_lost_or_doubled(platform: Platform, team: Team) -> None:
    platform.enrols(team.partner, card="declines")
    story = story_of(team.partner, "2026-01-05").starts()
    platform.on("2026-01-30")
    story.on("2026-02-02").expects(mails=[])  # the reminder waits
    story.on("2026-02-05").expects(charged=None, access="open", collection="current", attempts=0)
    story.on("2026-02-09").expects(charged=None, access="open", collection="current", attempts=0, mails=[])
    platform.on("2026-02-09").pays_with("ok")
    story.catches_up().expects(charged="30.00 EUR", attempts=1)
    assert story.stands()["periods"] == [("2026-01-05", "2026-02-05"), ("2026-02-05", "2026-03-05")]
    story.on("2026-03-05").expects(charged="30.00 EUR", attempts=2)


def test_days_on_which_it_was_frozen_count_against_no_customer(platform: Platform, team: Team) -> None:
    platform.enrols(team.partner, card="declines")
    story = story_of(team.partner, "2025-12-28").starts(card="declines")
    story.on("2026-01-28").expects(collection="retrying", attempts=1)
    story.on("2026-01-29").expects(attempts=2)
    platform.on("2026-01-30")
    # Retries on the 31st and 2nd and the deadline on the 4th all wait.
    story.on("2026-02-10").expects(collection="retrying", access="open", attempts=2, mails=[])
    platform.on("2026-02-10").pays_with("ok")
    # The retry comes ten days later than planned, and so does all that follows it.
    story.catches_up().expects(attempts=3, access="open")
    story.on("2026-02-12").expects(attempts=4, collection="grace")
    story.on("2026-02-13").expects(access="open", mails=["suspension_near"])
    story.on("2026-02-14").expects(access="blocked", mails=["suspended"])


@pytest.mark.parametrize(("policy", "charged"), [("each", 2), ("latest", 1)])
def test_two_periods_missed_are_caught_up_as_the_policy_says(
    platform: Platform, team: Team, policy: str, charged: int
) -> None:
    platform.enrols(team.partner, card="declines")
    story = story_of(team.partner, "2026-01-05").policy(catchup=policy).starts()
    platform.on("2026-01-30")
    story.on("2026-03-10").expects(attempts=0)
    platform.on("2026-03-10").pays_with("ok")
    story.on("2026-03-11").expects(attempts=charged, collection="current")
    keeps_its_promises(story.twin.pk, story.now)


def test_who_has_cancelled_ends_on_the_day_that_was_agreed(platform: Platform, team: Team) -> None:
    platform.enrols(team.partner, card="declines")
    story = story_of(team.partner, "2026-01-05").starts().cancels()
    platform.on("2026-01-30")
    story.on("2026-02-05").expects(lifecycle="ended", charged=None)


@pytest.mark.parametrize("kind", [HoldKind.MANUAL, HoldKind.ABUSE, HoldKind.FRAUD_REVIEW])
def test_staff_of_the_platform_freeze_and_release_like_any_customer(
    billed: Platform, team: Team, kind: HoldKind
) -> None:
    staff = billed.staff()
    carry_out(suspend(billed.customer, kind=kind), staff, now=billed.now)
    billed.settles()
    assert why(team.partner) is Why.HELD
    frozen_since = team.partner.frozen_since
    another = HoldKind.MANUAL if kind is not HoldKind.MANUAL else HoldKind.ABUSE
    carry_out(suspend(billed.customer, kind=another), staff, now=billed.now)
    billed.settles()
    assert team.partner.frozen_since == frozen_since
    released = reactivate(billed.customer, None, kind, another, reason="cleared up")
    carry_out(released, staff, now=billed.now)
    billed.settles()
    assert team.partner.frozen_since is None


def test_a_twin_stands_as_its_partner_and_others_are_not_touched(
    platform: Platform, team: Team, other_world: World
) -> None:
    platform.enrols(team.partner, card="declines")
    twin = create_twin(team.partner, now=platform.now)
    platform.on("2026-01-30")
    for partner, frozen in ((team.partner, True), (twin, True), (other_world.partner, False)):
        with tenant(partner.pk):
            assert standstill(partner.pk).frozen is frozen
            assert standstill(partner.pk).stopped is frozen
    with tenant(platform.world.id):
        assert not standstill(platform.world.id).stopped


def test_an_event_delivered_twice_or_late_changes_nothing(billed: Platform, team: Team) -> None:
    carry_out(suspend(billed.customer), billed.staff(), now=billed.now)
    billed.settles()
    since = team.partner.frozen_since
    with tenant(billed.world.id):
        standing.refresh({billed.customer}, now=start_of_day(date(2026, 6, 1), ZONE))
    team.partner.refresh_from_db()
    assert team.partner.frozen_since == since


def test_a_charge_that_is_under_way_when_it_is_frozen_is_settled_once(platform: Platform, team: Team) -> None:
    platform.enrols(team.partner, card="declines")
    story = story_of(team.partner, "2025-12-30").starts(card="answer lost")
    story.on("2026-01-30", hours=1)  # asked; no answer
    platform.on("2026-01-30")
    attempts = story.stands()["attempts"]
    story.on("2026-02-08").expects(attempts=attempts)
    platform.on("2026-02-08").pays_with("ok")
    story.on("2026-02-09").expects(attempts=attempts, collection="current")
    keeps_its_promises(story.twin.pk, story.now)
    assert len(story.stands()["periods"]) == 2


@pytest.mark.parametrize(
    "wrong", [{"is_platform": True}, {"frozen_since": start_of_day(date(2026, 1, 1), ZONE)}], ids=["second", "unbilled"]
)
def test_the_database_holds_one_platform_and_freezes_only_who_is_billed(
    platform: Platform, team: Team, wrong: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Partner.objects.filter(pk=team.partner.pk).update(**wrong)


def test_the_trial_is_fourteen_local_days(billed: Platform) -> None:
    assert billed.subscription.trial_ends_at == start_of_day(date(2026, 1, 15), ZONE)
    billed.on("2026-01-15")
    assert billed.paid() == ["49.00 EUR"]
