"""A customer looks at a better plan, and sees what it gets for going up."""

from __future__ import annotations

import pytest

from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from partnerpanel.offers.rules.offers import Moment, Offer, OfferKind
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.coupons import Discount
from subscriptions.services.coupon_catalogue import CouponTerms, create_coupon
from tests.actions.selling import Shop
from tests.offers.leaving import rule
from tests.panel.scriptless import previewed
from tests.people import Team
from tests.portal.guests import guest
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_quote_of_an_upgrade_says_what_comes_with_it_and_why(world: World, team: Team) -> None:
    world.now = system_now()
    shop = Shop(world, team.owner, now=world.now)
    business = shop.plans["Business"]
    with tenant(world.id):
        terms = CouponTerms("UP", Discount(percent=50, periods=2), plan_ids=[business])
        offer = Offer(OfferKind.COUPON, coupon_id=create_coupon(terms, actor=world.system, now=world.now))
    rule(shop, offer, moment=Moment.UPGRADE, to_plans=(business,))
    buyer = shop.buyer()
    visitor = guest(world, buyer.customer)
    at = f"{visitor.at}plan/{public('sub', buyer.subscription)}/change/?plan={public('plan', business)}"
    shown = visitor.client().get(at).content.decode()
    for words in ("For this upgrade: You pay 50 % less for your first 2 periods.", "€15.00", "coupon UP"):
        assert words in shown
    popup = f"/panel/{world.partner.slug}/subscriptions/{public('sub', buyer.subscription)}/change-plan/"
    asked = {"plan": public("plan", business), "when": "immediate", "anchor": "reset", "unpaid": "wait"}
    assert "The coupon UP for this upgrade is redeemed." in previewed(team.owner.client(), popup, asked)
