"""Coupons: redeemed, taken off renewals and changes, credited as charged, and never redeemed once too often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from billing.models import InvoiceLine
from billing.rules.changes.refusals import CannotChange
from partnerpanel.actions import door
from partnerpanel.actions.coupons import ApplyCoupon, RemoveCoupon
from partnerpanel.actions.subscribe import Subscribe
from partnerpanel.actions.undo import Undo
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.change import Anchor
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Redemption
from subscriptions.rules.coupons import Discount
from subscriptions.services.coupon_catalogue import CouponCodeTaken, CouponTerms, archive_coupon, create_coupon
from tests.actions.selling import Buyer, Shop, books_balance
from tests.people import Team
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def offers(shop: Shop, code: str = "SPRING", discount: Discount | None = None, **other: Any) -> Any:
    with tenant(shop.world.id):
        terms = CouponTerms(code, discount or Discount(percent=25), **other)
        return create_coupon(terms, actor=shop.world.system, now=shop.now)


def redemptions(shop: Shop) -> list[tuple[str, int, bool]]:
    """Code, first term, and whether it is still held."""
    with tenant(shop.world.id):
        rows = Redemption.objects.for_partner(shop.world.id).select_related("coupon").order_by("redeemed_at", "pk")
        return [(row.coupon.code, row.from_term, row.ended_at is None) for row in rows]


def refused(buyer: Buyer, code: str) -> str:
    quote = door.preview(ApplyCoupon(buyer.target, code), actor=buyer.shop.person.actor, now=buyer.shop.now)
    return quote.refusals[0].code


def newest_line(shop: Shop) -> dict[str, Any]:
    with tenant(shop.world.id):
        row = InvoiceLine.objects.for_partner(shop.world.id).order_by("-invoice__number", "position").first()
        assert row
        return dict(row.derivation)


def test_a_renewal_is_cheaper_for_its_periods_and_then_costs_the_price_again(shop: Shop) -> None:
    offers(shop, discount=Discount(percent=25, periods=2))
    buyer = shop.buyer("Basic")
    buyer.does(ApplyCoupon(buyer.target, "spring"))
    assert redemptions(shop) == [("SPRING", 2, True)]
    assert buyer.charged == []
    buyer.lives_until(shop.now + timedelta(days=18))
    assert buyer.charged == ["75.00"]
    assert newest_line(shop)["rule"] == "coupon"
    assert newest_line(shop)["parts"][0]["rule"] == "price_for_period"
    buyer.lives_until(shop.now + timedelta(days=60))
    assert buyer.charged == ["75.00", "75.00", "100.00"]
    books_balance(shop.world)


def test_what_is_unused_is_credited_as_it_was_charged(shop: Shop) -> None:
    offers(shop, discount=Discount(amount=Money.parse("40.00", "EUR")))
    buyer = shop.buyer("Basic", days_ago=30)
    buyer.lives_until(shop.now)
    buyer.does(ApplyCoupon(buyer.target, "SPRING"))
    buyer.lives_until(shop.now + timedelta(days=30))
    assert buyer.charged[-1] == "60.00"
    buyer.lives_until(shop.now + timedelta(days=12))
    buyer.changes("Business", anchor=Anchor.RESET)
    # 60.00 × 18/30 unused = 36.00; the new period costs 150.00, the coupon being over.
    assert buyer.charged[-1] == "114.00"
    books_balance(shop.world)


def test_days_that_a_change_keeps_cost_their_part_of_the_reduced_price(shop: Shop) -> None:
    offers(shop, discount=Discount(percent=50, periods=None))
    buyer = shop.buyer("Basic", days_ago=30)
    buyer.does(ApplyCoupon(buyer.target, "SPRING"))
    buyer.lives_until(shop.now + timedelta(days=30))
    buyer.lives_until(shop.now + timedelta(days=12))
    paid = len(buyer.charged)
    buyer.changes("Business", anchor=Anchor.KEEP)
    # 75.00 × 18/30 less 50.00 × 18/30.
    assert buyer.charged[paid:] == ["15.00"]
    books_balance(shop.world)


def test_removed_before_it_was_used_it_counts_for_nobody(shop: Shop) -> None:
    offers(shop, most=1)
    first, second = shop.buyer("Basic"), shop.buyer("Basic")
    outcome = first.does(ApplyCoupon(first.target, "SPRING"))
    assert refused(second, "SPRING") == "coupon_used_up"
    with tenant(shop.world.id):
        undo = Undo.of(outcome.action_id, partner_id=shop.world.id)
    first.does(undo)
    second.does(ApplyCoupon(second.target, "SPRING"))
    assert redemptions(shop) == [("SPRING", 2, False), ("SPRING", 2, True)]
    second.lives_until(shop.now + timedelta(days=18))
    assert second.charged == ["75.00"]


def test_a_forever_coupon_stops_when_it_is_removed(shop: Shop) -> None:
    offers(shop, discount=Discount(percent=100, periods=None))
    buyer = shop.buyer("Basic")
    buyer.does(ApplyCoupon(buyer.target, "SPRING"))
    buyer.lives_until(shop.now + timedelta(days=18))
    assert (buyer.charged, buyer.invoices) == ([], [("paid", "0.00")])
    buyer.does(RemoveCoupon(buyer.target))
    buyer.lives_until(shop.now + timedelta(days=30))
    assert buyer.charged == ["100.00"]
    assert redemptions(shop) == [("SPRING", 2, False)]


def test_refusals_say_why_and_write_nothing(shop: Shop) -> None:
    buyer, today = shop.buyer("Basic"), shop.now.date()
    offers(shop, "LATER", from_on=today + timedelta(days=3))
    offers(shop, "GONE", until_on=today)
    offers(shop, "BUSINESS", plan_ids=[shop.plans["Business"]])
    offers(shop, "DOLLARS", Discount(amount=Money(100, "USD")))
    offers(shop, "PRODUCT", product_ids=[shop.product], most_each=1)
    shelved = offers(shop, "SHELF")
    with tenant(shop.world.id):
        archive_coupon(shelved, actor=shop.world.system, now=shop.now)
    codes = {code: refused(buyer, code) for code in ("NONE", "LATER", "GONE", "SHELF", "BUSINESS", "DOLLARS")}
    assert codes == {
        "NONE": "coupon_unknown",
        "LATER": "coupon_not_yet_valid",
        "GONE": "coupon_expired",
        "SHELF": "coupon_expired",
        "BUSINESS": "coupon_other_plan",
        "DOLLARS": "coupon_other_currency",
    }
    assert redemptions(shop) == []
    buyer.does(ApplyCoupon(buyer.target, "PRODUCT"))
    assert refused(buyer, "PRODUCT") == "coupon_held"
    with pytest.raises(CouponCodeTaken):
        offers(shop, "product")


def test_a_first_period_is_cheaper_at_once_and_after_a_trial(shop: Shop) -> None:
    offers(shop, discount=Discount(percent=25, periods=1))
    buyer = shop.buyer("Basic")
    for trial_days, redeemed in ((0, 1), (7, 2)):
        verb = Subscribe(
            (Target(buyer.customer),), shop.plans["Business"], "EUR", trial_days=trial_days, coupon="spring"
        )
        [plan] = door.preview(verb, actor=shop.person.actor, now=shop.now).money
        assert plan.planned
        outcome = door.commit(verb, quote=None, actor=shop.person.actor, now=shop.now)
        assert outcome.plans
        shop.world.drain(now=shop.now)
        assert redemptions(shop)[-1] == ("SPRING", redeemed, True)
        due = plan.planned.due_now or plan.after.next.amount
        assert due == Money.parse("112.50", "EUR")
    quote = door.preview(replace(verb, coupon="nothing"), actor=shop.person.actor, now=shop.now)
    assert [one.code for one in quote.refusals] == ["coupon_unknown"]
    books_balance(shop.world)


def test_the_last_redemption_is_taken_once_by_two_at_the_same_time(shop: Shop) -> None:
    offers(shop, most=1)
    buyers = [shop.buyer("Basic"), shop.buyer("Basic")]

    def redeem(buyer: Buyer) -> str:
        try:
            door.commit(ApplyCoupon(buyer.target, "SPRING"), quote=None, actor=shop.person.actor, now=shop.now)
        except (CannotChange, DomainError) as error:
            return error.code
        finally:
            connections.close_all()
        return "redeemed"

    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(redeem, buyers))
    assert found.count("redeemed") == 1, found
    assert len(redemptions(shop)) == 1
