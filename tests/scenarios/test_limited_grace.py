"""A policy may limit access in grace: full before, limited from its first day, full again once nothing is owed."""

from __future__ import annotations

from typing import Any

import pytest

from billing.rules.changes.extension import ExtensionWish, plan_extension
from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.changes.waiving import plan_waiver
from billing.rules.facts import ChangeFacts
from notifications.models import Message
from partnerpanel.events.consumers import foresee
from partnerpanel.events.models import Event, Outbox
from partnerpanel.tenancy.scope import tenant
from tests.scenarios.story import Story


def in_grace(story: Story, access: str = "limited", **keys: Any) -> Story:
    """Bought on 31 January and not paid on 28 February; grace begins on 5 March, and the deadline is the 7th."""
    story.policy(grace__access=access, **keys)
    story.on("2026-01-31").starts(plan="monthly 30.00 EUR", card="declines")
    story.on("2026-03-04").expects(collection="retrying", service="full", access="open")
    return story.on("2026-03-05").expects(collection="grace", access="open")


def events(story: Story) -> list[str]:
    with tenant(story.twin.pk):
        rows = Event.objects.for_partner(story.twin.pk).filter(object_id=story.subscription).order_by("sequence")
        return list(rows.values_list("kind", flat=True))


def mail(story: Story, kind: str) -> str:
    with tenant(story.twin.pk):
        rows = Message.objects.for_partner(story.twin.pk).filter(kind=f"subscription_{kind}")
        return rows.order_by("-queued_at").values_list("body", flat=True)[0]


def test_access_is_limited_from_grace_on_and_off_at_the_deadline(story: Story) -> None:
    in_grace(story).expects(service="limited", mails=["payment_failed", "grace_started"])
    assert story.row().is_limited
    assert "limited access until March 7, 2026" in mail(story, "grace_started")
    assert "full access until" not in mail(story, "grace_started") + mail(story, "payment_failed")
    story.on("2026-03-06").expects(service="limited")
    story.on("2026-03-07").expects(service="off", access="blocked", holds=["nonpayment"])
    story.on("2026-03-09").pays().expects(service="full", access="open", collection="current")
    assert not story.row().is_limited


def test_by_default_access_stays_full_until_the_deadline(story: Story) -> None:
    in_grace(story, "full").expects(service="full")
    assert not story.row().is_limited
    assert "full access until March 7, 2026" in mail(story, "grace_started")
    story.on("2026-03-06").pays().expects(service="full", collection="current")
    assert "subscription.limits_lifted" not in events(story)


def test_a_payment_in_grace_gives_full_access_back(story: Story) -> None:
    in_grace(story).expects(service="limited").on("2026-03-06").pays().expects(service="full", collection="current")
    assert not story.row().is_limited
    assert events(story)[-2:] == ["subscription.renewed", "subscription.limits_lifted"]


def test_so_does_a_new_card(story: Story) -> None:
    in_grace(story).replaces_card("ok").expects(service="full", collection="current", charged="30.00 EUR")


def test_so_does_an_extension(story: Story) -> None:
    in_grace(story).extends(days=10).expects(service="full", collection="current", invoices=["void"])


def test_so_does_an_extension_that_was_paid_for(story: Story) -> None:
    in_grace(story).extends(months=3, paid="30.00 EUR").expects(service="full", collection="current")
    assert events(story)[-3:] == ["subscription.renewed", "subscription.limits_lifted", "subscription.extended"]


@pytest.mark.parametrize("day", ["2026-03-06", "2026-03-09"])
def test_so_does_waiving_what_is_owed(story: Story, day: str) -> None:
    in_grace(story).on(day).does(lambda facts, _: plan_waiver(facts, note="their bank failed", now=story.now))
    story.expects(service="full", access="open", collection="current")
    assert not story.row().is_limited


def test_the_preview_lists_the_step_that_is_then_done(story: Story) -> None:
    steps: list[str] = []

    def extension(facts: ChangeFacts, ids: ChangeIds) -> Planned:
        planned = plan_extension(facts, ExtensionWish("as agreed", days=10), ids=ids, now=story.now)
        steps.extend(one.title for one in foresee(planned.plan.events) if one.kind == "step")
        return planned

    in_grace(story).does(extension).expects(service="full")
    assert steps == ["Give the login full access again"]
    story.does(extension).expects(service="full")
    assert len(steps) == 1, "where nothing is limited nothing is given back"


def test_an_end_leaves_nothing_limited(story: Story) -> None:
    in_grace(story, grace__then="cancel").on("2026-03-07").expects(lifecycle="ended", service="off")
    assert not story.row().is_limited


def test_a_case_keeps_the_policy_that_it_opened_with(story: Story) -> None:
    story.policy(grace__access="limited").on("2026-01-31").starts(card="declines").on("2026-03-01")
    story.policy(grace__access="full").on("2026-03-05").expects(collection="grace", service="limited")


def test_renewals_that_were_never_limited_tell_the_service_nothing(story: Story) -> None:
    story.policy(grace__access="limited").on("2026-01-31").starts().on("2026-03-31")
    assert events(story).count("subscription.renewed") == 2
    with tenant(story.twin.pk):
        told = Event.objects.for_partner(story.twin.pk).filter(kind__startswith="service_account.")
        assert list(told.values_list("kind", flat=True)) == ["service_account.enabled"]
        assert not Outbox.objects.for_partner(story.twin.pk).exists()
