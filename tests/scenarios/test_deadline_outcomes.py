"""What the deadline brings to who has not paid: an end, the free plan, or a hold where there is no such plan."""

from __future__ import annotations

from notifications.models import Message
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Movement
from subscriptions.services.catalogue import create_plan
from tests.scenarios.story import Story


def unpaid(story: Story, then: str) -> Story:
    """30.00 a month, bought on 31 January and not paid on 29 February; the deadline is 7 March."""
    return (
        story.policy(grace__then=then)
        .on("2024-01-31")
        .starts("monthly 30.00 EUR", card="declines")
        .on("2024-03-06")
        .expects(access="open", collection="grace")
    )


def sells_for_free(story: Story) -> None:
    """Beside the plan that is held stands one that costs nothing."""
    product_id = story.row().plan.product_id
    with tenant(story.twin.pk):
        create_plan(
            product_id=product_id,
            name="Free",
            interval=Interval(Unit.MONTH),
            prices=[Money.zero("EUR")],
            rank=-1,
            actor=story.world.system,
            now=story.now,
        )


def test_it_may_end(story: Story) -> None:
    unpaid(story, "cancel").on("2024-03-07").expects(
        lifecycle="ended", access="blocked", holds=[], invoices=["void"], next=None
    )


def test_it_may_go_on_for_free(story: Story) -> None:
    unpaid(story, "downgrade_to_free")
    sells_for_free(story)
    story.on("2024-03-07").expects(
        lifecycle="active",
        collection="current",
        access="open",
        holds=[],
        invoices=["void"],
        periods=[("2024-01-31", "2024-02-29"), ("2024-03-07", "2024-04-07")],
    )
    assert story.row().plan.name == "Free"
    with tenant(story.twin.pk):
        kinds = Movement.objects.for_partner(story.twin.pk).order_by("occurred_at").values_list("kind", flat=True)
        assert list(kinds) == ["new", "churn"]
    # Free periods follow one another; nobody is asked for anything.
    story.on("2024-05-08").expects(until="2024-06-07", access="open", charged=None, attempts=4)


def test_without_a_free_plan_it_is_suspended(story: Story) -> None:
    unpaid(story, "downgrade_to_free").on("2024-03-07").expects(
        collection="delinquent", access="blocked", holds=["nonpayment"]
    )
    with tenant(story.twin.pk):
        warned = Message.objects.for_partner(story.twin.pk).get(kind="subscription_suspension_near")
    assert "your subscription is suspended on that day until it is paid" in warned.body
