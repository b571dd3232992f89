"""Bonus months: given by the payment that completes them, once, and never invoiced."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from billing.models import Invoice, Payment
from billing.rules.paid_months import milestone, whole_months
from notifications.models import Message
from partnerpanel.actions import door
from partnerpanel.actions.refund import Refund, RefundAccess, RefundHow, RefundReason
from partnerpanel.actions.restart import Restart
from partnerpanel.actions.verb import Target
from partnerpanel.events.models import Event
from partnerpanel.kernel.period import Interval, Unit, nth_period
from partnerpanel.loyalty.consumer import CONSUMER
from partnerpanel.loyalty.models import LoyaltyBonus
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Term
from tests.scenarios.story import Story

MONTH = Interval(Unit.MONTH)


@pytest.fixture
def story(story: Story) -> Story:
    return story.on("2024-01-31").policy(loyalty__enabled=True)


def bonuses(story: Story) -> list[tuple[int, int]]:
    with tenant(story.twin.pk):
        rows = LoyaltyBonus.objects.for_partner(story.twin.pk).filter(subscription=story.subscription)
        return list(rows.order_by("after_months").values_list("after_months", "months"))


def granted(story: Story) -> list[tuple[int, int, str]]:
    with tenant(story.twin.pk):
        rows = Term.objects.for_partner(story.twin.pk).filter(subscription=story.subscription, granted_days__gt=0)
        return list(rows.order_by("number").values_list("number", "granted_days", "granted_for"))


def invoiced(story: Story) -> int:
    with tenant(story.twin.pk):
        return Invoice.objects.for_partner(story.twin.pk).filter(subscription=story.subscription).count()


def given(story: Story) -> list[Event]:
    with tenant(story.twin.pk):
        return list(Event.objects.for_partner(story.twin.pk).filter(kind="subscription.loyalty_bonus").order_by("pk"))


def mails(story: Story) -> int:
    with tenant(story.twin.pk):
        rows = Message.objects.for_partner(story.twin.pk).filter(kind="subscription_loyalty_bonus")
        return rows.count()


def test_over_26_months_every_twelve_paid_ones_make_one_free(story: Story) -> None:
    story.starts(plan="monthly 30.00 EUR", card="ok", paid_elsewhere=True)
    story.on("2024-12-30")
    assert bonuses(story) == []
    story.on("2025-01-02")
    assert bonuses(story) == [(12, 1)]
    assert granted(story) == [(12, 28, "loyalty")]
    assert invoiced(story) == 11
    story.on("2025-02-27")
    assert invoiced(story) == 11
    story.on("2025-03-01")
    assert invoiced(story) == 12
    story.on("2026-03-30")
    assert bonuses(story) == [(12, 1), (24, 1)]
    assert [number for number, _days, _why in granted(story)] == [12, 24]
    assert [one.data["after"] for one in given(story)] == [12, 24]
    assert mails(story) == 2
    assert invoiced(story) == 23


def test_a_second_delivery_of_a_payment_gives_nothing_more(story: Story) -> None:
    story.starts(plan="monthly 30.00 EUR", card="ok", paid_elsewhere=True).on("2025-01-02")
    with tenant(story.twin.pk):
        events = list(Event.objects.for_partner(story.twin.pk).filter(kind="invoice.paid").order_by("pk"))
        assert CONSUMER.handle(events, story.now) == []
    assert bonuses(story) == [(12, 1)]
    assert len(granted(story)) == 1


def test_who_has_cancelled_or_has_no_such_policy_gets_nothing(story: Story) -> None:
    story.starts(plan="monthly 30.00 EUR", card="ok", paid_elsewhere=True).on("2024-12-20").cancels()
    story.on("2025-02-02")
    assert bonuses(story) == []
    other = Story(story.twin)
    other.now, other.world = story.now, story.world
    other.policy().starts(plan="yearly 300.00 EUR", card="ok").on("2026-03-02")
    assert bonuses(other) == []


def test_a_period_paid_late_counts_like_any_and_an_outage_gives_each_bonus_once(story: Story) -> None:
    story.policy(loyalty__enabled=True, loyalty__every_months=2)
    story.starts(plan="monthly 30.00 EUR", card="ok", paid_elsewhere=True)
    story.outage("2024-02-15", "2024-08-15").catches_up()
    story.on("2024-09-15")
    found = bonuses(story)
    assert found == sorted(set(found))
    assert [after for after, _months in found][:2] == [2, 4]


def test_a_month_that_is_given_back_does_not_count_as_paid(story: Story) -> None:
    story.policy(loyalty__enabled=True, loyalty__every_months=3)
    story.starts(plan="monthly 30.00 EUR", card="ok", paid_elsewhere=True).on("2024-03-01")
    with tenant(story.twin.pk):
        second = Payment.objects.for_partner(story.twin.pk).get(customer=story.customer)
    target = (Target(story.customer, story.subscription),)
    back = Refund(target, second.pk, RefundHow.FULL, RefundReason.REQUESTED, "a gift", access=RefundAccess.KEEP)
    door.commit(back, quote=None, actor=story.world.system, now=story.now)
    story.catches_up().on("2024-04-02")
    assert (len(story.stands()["periods"]), bonuses(story)) == (3, [])
    story.on("2024-05-02")
    assert bonuses(story) == [(3, 1)]


def test_the_months_before_a_return_count_and_those_between_do_not(story: Story) -> None:
    story.policy(loyalty__enabled=True, loyalty__every_months=3)
    story.starts(plan="monthly 30.00 EUR", card="ok", paid_elsewhere=True).on("2024-03-01")
    story.on("2024-03-10").cancels().on("2024-04-20").expects(lifecycle="ended")
    restart = Restart((Target(story.customer, story.subscription),))
    door.commit(restart, quote=None, actor=story.world.system, now=story.now)
    story.catches_up().expects(lifecycle="active")
    assert bonuses(story) == [(3, 1)]
    assert [number for number, _days, _why in granted(story)] == [3]


@pytest.mark.parametrize("anchor", [date(2023, 1, 31), date(2024, 2, 29), date(2025, 7, 15)])
def test_months_are_counted_however_long_they_are(anchor: date) -> None:
    days: Sequence[int] = [
        (period.ends_on - period.starts_on).days
        for period in (nth_period(anchor=anchor, interval=MONTH, n=n) for n in range(60))
    ]
    assert [whole_months(sum(days[:n])) for n in range(61)] == list(range(61))
    numbered = dict(enumerate(days, start=1))
    reached = [milestone(numbered, term=term, every=12) for term in numbered]
    assert [one for one in reached if one] == [12, 24, 36, 48, 60]
