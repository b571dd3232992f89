"""Who has cancelled is offered to stay, by mail before the end, and takes it in the portal."""

from __future__ import annotations

from uuid import UUID

import pytest

from notifications.models import Message
from partnerpanel.actions import door
from partnerpanel.actions.offer_rules import RuleTerms
from partnerpanel.actions.take_offer import TakeOffer
from partnerpanel.actions.verb import Target
from partnerpanel.offers.models import OfferMade
from partnerpanel.offers.rules.offers import Moment, Offer, OfferKind
from partnerpanel.offers.services.offer_rules import create_rule
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.coupons import Discount
from subscriptions.services.coupon_catalogue import CouponTerms, create_coupon
from tests.scenarios.story import Story


@pytest.fixture
def offering(story: Story) -> Story:
    """Half the price for three periods to who has cancelled."""
    story.on("2024-01-31").starts(plan="monthly 30.00 EUR", card="ok", paid_elsewhere=True)
    with tenant(story.twin.pk):
        terms = CouponTerms("BACK", Discount(percent=50, periods=3))
        coupon = create_coupon(terms, actor=story.world.system, now=story.now)
        rule = RuleTerms(Moment.BEFORE_END, "Half", Offer(OfferKind.COUPON, coupon_id=coupon))
        create_rule(rule, actor=story.world.system, now=story.now)
    return story


def mailed(story: Story) -> list[str]:
    with tenant(story.twin.pk):
        rows = Message.objects.for_partner(story.twin.pk).filter(kind="subscription_winback").order_by("pk")
        return [row.body for row in rows]


def made(story: Story) -> list[tuple[UUID, str]]:
    with tenant(story.twin.pk):
        return list(OfferMade.objects.for_partner(story.twin.pk).order_by("pk").values_list("pk", "outcome"))


def stays(story: Story, offer: UUID) -> bool:
    """False where it is refused."""
    verb = TakeOffer((Target(story.customer, story.subscription),), offer)
    quote = door.preview(verb, actor=story.world.system, now=story.now)
    if quote.is_refused:
        return False
    door.commit(verb, quote=quote.token, actor=story.world.system, now=story.now)
    story.catches_up()
    return True


def test_the_mail_before_the_end_carries_the_offer_and_staying_costs_less_for_its_periods(offering: Story) -> None:
    story = offering.on("2024-02-05").cancels().on("2024-02-21")
    assert mailed(story) == []
    story.on("2024-02-23")
    [body] = mailed(story)
    assert "it costs 50% less from the next billing on (3×)." in body
    assert "/stay/" in body
    [(offer, outcome)] = made(story)
    assert outcome == "open"
    assert stays(story, offer)
    assert not story.row().cancel_at_period_end
    assert not stays(story, offer)
    story.on("2024-02-29").expects(charged="15.00 EUR", lifecycle="active")
    story.on("2024-06-01")
    assert story.stands()["invoices"] == ["paid"] * 4
    story.on("2024-06-30").expects(charged="30.00 EUR")
    assert made(story) == [(offer, "taken")]


def test_who_cancels_close_to_the_end_is_written_to_a_day_later(offering: Story) -> None:
    offering.on("2024-02-26").cancels().on("2024-02-27", hours=1)
    assert len(mailed(offering)) == 1


def test_an_offer_taken_once_is_not_made_again_when_somebody_cancels_again(offering: Story) -> None:
    story = offering.on("2024-02-26").cancels().on("2024-02-28")
    [(offer, _)] = made(story)
    assert stays(story, offer)
    story.on("2024-03-25").cancels().on("2024-03-30")
    first, second = mailed(story)
    assert "less" in first
    assert "less" not in second
    assert "/stay/" in second
    assert len(made(story)) == 1


def test_who_stays_without_the_offer_or_has_ended_cannot_take_it_any_more(offering: Story) -> None:
    story = offering.on("2024-02-26").cancels().on("2024-02-28")
    [(offer, _)] = made(story)
    story.keeps()
    assert not stays(story, offer)
    story.cancels().on("2024-03-05")
    assert not stays(story, offer)
