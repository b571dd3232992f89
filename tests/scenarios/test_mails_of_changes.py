"""One mail for one action, and word for word the one that was shown before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from billing.queries.change_facts import load_changes
from billing.rules.changes.billing_date import BillingDateWish, plan_billing_date
from billing.rules.changes.cancelling import CancelReason, CancelWhen, CancelWish, plan_cancellation, plan_keep
from billing.rules.changes.extension import ExtensionWish, plan_extension
from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.changes.pausing import PauseWhen, PauseWish, plan_pausing, plan_resumption
from billing.rules.changes.plan_change import ChangeWish, plan_change
from billing.rules.changes.rollback import RollbackWish, plan_rollback
from billing.rules.changes.skipping import SkipWish, plan_skip
from billing.rules.facts import ChangeFacts
from notifications import consumer
from notifications.models import Message
from partnerpanel.kernel.ids import uuid7
from partnerpanel.policy.rules.change import When
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.changes import plans_at
from subscriptions.rules.changes import Deal
from tests.scenarios.conftest import Tell
from tests.scenarios.story import Story

Plan = Callable[[Story, ChangeFacts, ChangeIds], Planned]


def other_plan(story: Story, name: str, price: str) -> Deal:
    plan_id = story.world.plan(name, price=price)
    with tenant(story.twin.pk):
        [plan] = plans_at(story.twin.pk, "EUR", [plan_id])
    return Deal(plan, 1, is_agreed=False)


def ends(story: Story, facts: ChangeFacts, ids: ChangeIds, when: CancelWhen) -> Planned:
    wish = CancelWish(when, CancelReason.UNUSED, "they move abroad")
    return plan_cancellation(facts, wish, ids=ids, now=story.now)


def pauses(story: Story, facts: ChangeFacts, ids: ChangeIds, when: PauseWhen, until: date | None = None) -> Planned:
    return plan_pausing(facts, PauseWish(when, until), ids=ids, now=story.now)


def changes(story: Story, facts: ChangeFacts, ids: ChangeIds, deal: Deal, when: When) -> Planned:
    return plan_change(facts, ChangeWish(deal, when), ids=ids, now=story.now)


VERBS: dict[str, Plan] = {
    "extended": lambda s, f, ids: plan_extension(f, ExtensionWish("as agreed", months=1), ids=ids, now=s.now),
    "cancelled": lambda s, f, ids: ends(s, f, ids, CancelWhen.PERIOD_END),
    "ended": lambda s, f, ids: ends(s, f, ids, CancelWhen.NOW),
    "pause_scheduled": lambda s, f, ids: pauses(s, f, ids, PauseWhen.PERIOD_END, date(2026, 5, 1)),
    "paused": lambda s, f, ids: pauses(s, f, ids, PauseWhen.NOW),
    "renewal_skipped": lambda s, f, _: plan_skip(f, SkipWish("as a thank-you"), now=s.now),
    "billing_date_moved": lambda s, f, ids: plan_billing_date(
        f, BillingDateWish(date(2026, 2, 20)), ids=ids, now=s.now
    ),
}


def shown_and_sent(story: Story, plan: Plan) -> list[str]:
    """The kinds of mails, after what was shown was compared with what was sent."""
    with tenant(story.twin.pk):
        facts = load_changes(story.twin.pk, [story.subscription], now=story.now)[story.subscription]
        planned = plan(story, facts, ChangeIds(uuid7(), uuid7(), uuid7(), uuid7()))
        shown = [(one.title, one.body) for one in consumer.foresee(planned.plan.events)]
        before = set(Message.objects.for_partner(story.twin.pk).values_list("pk", flat=True))
    story.does(lambda facts, ids: plan(story, facts, ids))
    with tenant(story.twin.pk):
        sent = Message.objects.for_partner(story.twin.pk).exclude(pk__in=before).order_by("pk")
        assert [(one.subject, one.body) for one in sent] == shown
        return [one.kind.removeprefix("subscription_") for one in sent]


@pytest.mark.parametrize("kind", VERBS)
@pytest.mark.parametrize("locale", ["en", "de"])
def test_one_mail_says_what_was_shown(story_in: Tell, kind: str, locale: str) -> None:
    story = story_in(locale=locale).on("2026-01-31").starts().on("2026-02-10")
    assert shown_and_sent(story, VERBS[kind]) == [kind]


def test_who_stays_or_comes_back_is_told(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").cancels()
    assert shown_and_sent(story, lambda _, facts, __: plan_keep(facts)) == ["kept"]
    story.pauses()
    assert shown_and_sent(story, lambda s, facts, _: plan_resumption(facts, now=s.now)) == ["pause_withdrawn"]


def test_the_third_change_of_mind_of_a_day_is_told_as_the_first(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").cancels().keeps().cancels()
    story.expects(mails=["cancelled", "kept", "cancelled"])


def test_a_pause_is_told_when_it_begins_and_its_end_with_the_bill(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").pauses(until="2026-04-01").expects(mails=["pause_scheduled"])
    story.on("2026-02-28").expects(mails=["paused"])
    story.on("2026-04-01").expects(mails=["resumed", "payment_received"])


def test_an_extension_that_was_paid_is_told_by_its_receipt(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10").extends(months=1, paid="30.00 EUR")
    story.expects(mails=["payment_received"])


def test_plans_are_named_as_they_were_and_will_be(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10")
    free = other_plan(story, "Free", "0.00")
    assert shown_and_sent(story, lambda s, f, ids: changes(s, f, ids, free, When.PERIOD_END)) == ["change_scheduled"]
    cheap = other_plan(story, "Small", "5.00")
    assert shown_and_sent(story, lambda s, f, ids: changes(s, f, ids, cheap, When.PERIOD_END)) == ["change_scheduled"]
    assert shown_and_sent(story, lambda s, f, ids: changes(s, f, ids, free, When.IMMEDIATE)) == ["plan_changed"]
    with tenant(story.twin.pk):
        newest = Message.objects.for_partner(story.twin.pk).order_by("-pk")[0]
    assert "from “Basic” to “Free”" in newest.body
    assert "“Free”" in newest.subject


def test_a_rollback_is_told_once(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-10")
    before: list[Deal] = []
    free = other_plan(story, "Free", "0.00")

    def to_free(s: Story, facts: ChangeFacts, ids: ChangeIds) -> Planned:
        before.append(facts.deal)
        return changes(s, facts, ids, free, When.IMMEDIATE)

    shown_and_sent(story, to_free)
    back = RollbackWish(before[0])
    assert shown_and_sent(story, lambda s, f, ids: plan_rollback(f, back, ids=ids, now=s.now)) == ["rolled_back"]


def test_a_declined_change_is_told_as_not_made(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines").on("2026-02-10")
    big = other_plan(story, "Big", "90.00")
    story.does(lambda f, ids: changes(story, f, ids, big, When.IMMEDIATE)).expects(mails=["change_failed"])


def test_without_a_card_the_customer_is_asked_to_pay_and_told_when_it_is_dropped(story: Story) -> None:
    story.on("2026-01-31").starts(card="").on("2026-02-10")
    big = other_plan(story, "Big", "90.00")

    def asks(s: Story, facts: ChangeFacts, ids: ChangeIds) -> Planned:
        return changes(s, facts, ids, big, When.IMMEDIATE)

    assert shown_and_sent(story, asks) == ["change_awaits_payment"]
    story.on("2026-02-28").expects(mails=["change_dropped", "payment_due", "grace_started"])
