"""Who goes up to a better plan gets a coupon with the change: once, and only where the change happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from partnerpanel.actions import door
from partnerpanel.actions.change_plan import ChangePlan
from partnerpanel.actions.drop_change import DropChange
from partnerpanel.actions.undo import Undo
from partnerpanel.kernel.errors import DomainError
from partnerpanel.offers.queries.foreseen import foreseen
from partnerpanel.offers.queries.offer_rules import rule_line
from partnerpanel.offers.rules.offers import Moment, Offer
from partnerpanel.offers.services.offer_rules import InvalidOffer
from partnerpanel.policy.rules.change import Anchor, RollbackMoney, When
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Redemption
from subscriptions.rules.coupons import Discount
from subscriptions.services.coupon_catalogue import CouponTerms, create_coupon
from tests.actions.selling import Buyer, Shop, books_balance
from tests.offers.leaving import coupon, outcomes, rule
from tests.people import Team
from tests.threads import in_threads
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def for_business(shop: Shop, code: str = "UP", percent: int = 50, periods: int | None = 2, **other: Any) -> Offer:
    """A coupon for Business alone."""
    with tenant(shop.world.id):
        discount = Discount(percent=percent, periods=periods)
        terms = CouponTerms(code, discount, plan_ids=[shop.plans["Business"]], **other)
        made = create_coupon(terms, actor=shop.world.system, now=shop.now)
    return Offer(coupon(shop, f"{code}-other").kind, coupon_id=made)


def gives(shop: Shop, offer: Offer, **wanted: Any) -> Any:
    conditions = {"plans": (shop.plans["Basic"],), "to_plans": (shop.plans["Business"],), **wanted}
    return rule(shop, offer, "Up", moment=Moment.UPGRADE, **conditions)


def redeemed(shop: Shop) -> list[str]:
    """Of each redemption whether it holds, is over, or was never one."""
    with tenant(shop.world.id):
        rows = Redemption.objects.for_partner(shop.world.id).order_by("redeemed_at", "pk")
        return ["withdrawn" if row.withdrawn else "over" if row.ended_at else "held" for row in rows]


def test_the_quote_shows_it_and_the_change_redeems_it(shop: Shop) -> None:
    gives(shop, for_business(shop))
    buyer = shop.buyer()
    plan = buyer.preview(buyer.to("Business"))
    assert plan.planned is not None
    # 75.00 for the new period, 60.00 of the old one unused.
    assert str(plan.planned.due_now) == "15.00 EUR"
    assert str(plan.after.next.amount) == "75.00 EUR"
    assert redeemed(shop) == []
    buyer.changes("Business")
    assert (buyer.plan, buyer.charged, redeemed(shop), outcomes(shop)) == ("Business", ["15.00"], ["held"], ["taken"])
    buyer.lives_until(shop.now + timedelta(days=30))
    buyer.lives_until(shop.now + timedelta(days=30))
    assert buyer.charged == ["15.00", "75.00", "150.00"]
    books_balance(shop.world)


def test_it_is_for_the_plans_that_it_names_and_for_going_up_alone(shop: Shop) -> None:
    gives(shop, for_business(shop))
    starter, basic = shop.buyer("Starter"), shop.buyer("Basic")
    for buyer, plan in ((starter, "Business"), (starter, "Basic"), (basic, "Starter")):
        planned = buyer.preview(buyer.to(plan)).planned
        assert planned is not None
        assert planned.plan.coupon is None


def test_up_down_and_up_again_gets_it_once(shop: Shop) -> None:
    gives(shop, for_business(shop))
    buyer = shop.buyer()
    buyer.changes("Business")
    buyer.changes("Basic", When.IMMEDIATE)
    planned = buyer.preview(buyer.to("Business")).planned
    assert planned is not None
    assert planned.plan.coupon is None
    buyer.changes("Business")
    assert len(redeemed(shop)) == 1


def test_declined_it_is_not_redeemed_and_had_with_the_next_card(shop: Shop) -> None:
    gives(shop, for_business(shop, most=1))
    buyer = shop.buyer(card="sandbox_soft_decline")
    buyer.changes("Business")
    assert (buyer.plan, redeemed(shop), outcomes(shop)) == ("Basic", ["withdrawn"], ["declined"])
    other = shop.buyer()
    other.changes("Business")
    assert (other.charged, redeemed(shop)) == (["15.00"], ["withdrawn", "held"])


@pytest.mark.parametrize(
    "back",
    [
        lambda buyer, _: buyer.rolls_back("Basic", RollbackMoney.REVERSE_CHANGE),
        lambda buyer, undo: buyer.does(undo()),
    ],
    ids=["rolled back", "undone"],
)
def test_taken_back_with_its_change_it_was_never_redeemed(
    shop: Shop, back: Callable[[Buyer, Callable[[], Undo]], Any]
) -> None:
    gives(shop, for_business(shop, most_each=1))
    buyer = shop.buyer()
    outcome = buyer.changes("Business")

    def undo() -> Undo:
        with tenant(shop.world.id):
            return Undo.of(outcome.action_id, partner_id=shop.world.id)

    back(buyer, undo)
    assert (buyer.plan, redeemed(shop), outcomes(shop)) == ("Basic", ["withdrawn"], ["declined"])
    buyer.lives_until(shop.now + timedelta(days=18))
    assert buyer.charged == ["15.00", "85.00"]
    books_balance(shop.world)


def test_with_the_next_period_it_waits_with_the_change_and_goes_with_it(shop: Shop) -> None:
    gives(shop, for_business(shop))
    buyer = shop.buyer()
    buyer.changes("Business", When.PERIOD_END)
    assert (redeemed(shop), outcomes(shop)) == (["held"], ["open"])
    buyer.does(DropChange(buyer.target, None))
    assert (redeemed(shop), outcomes(shop)) == (["withdrawn"], ["declined"])
    buyer.changes("Business", When.PERIOD_END)
    buyer.lives_until(shop.now + timedelta(days=18))
    assert (buyer.plan, buyer.charged, outcomes(shop)) == ("Business", ["75.00"], ["declined", "taken"])


def test_within_the_period_its_share_is_reduced(shop: Shop) -> None:
    gives(shop, for_business(shop))
    buyer = shop.buyer()
    planned = buyer.preview(buyer.to("Business", anchor=Anchor.KEEP)).planned
    assert planned is not None
    # 18 of 30 days of 75.00, less the same of 100.00.
    assert (str(planned.due_now), str(planned.to_balance)) == ("0.00 EUR", "15.00 EUR")


def test_the_last_redemption_is_taken_once_when_two_go_up_at_once(shop: Shop) -> None:
    gives(shop, for_business(shop, most=1))
    buyers = [shop.buyer() for _ in range(2)]

    def goes_up(buyer: Buyer) -> str:
        try:
            door.commit(buyer.to("Business"), quote=None, actor=shop.person.actor, now=shop.now)
        except DomainError as error:
            return str(error.code)
        return "up"

    assert in_threads(*(lambda buyer=buyer: goes_up(buyer) for buyer in buyers)) == ["up", "up"]
    shop.world.drain(now=shop.now)
    assert sorted(buyer.charged[0] for buyer in buyers) == ["15.00", "90.00"]
    assert redeemed(shop) == ["held"]


def test_a_job_gives_no_more_than_there_are(shop: Shop) -> None:
    gives(shop, for_business(shop, most=1))
    buyers = [shop.buyer() for _ in range(3)]
    verb = ChangePlan(tuple(buyer.target[0] for buyer in buyers), shop.plans["Business"])
    plans = door.preview(verb, actor=shop.person.actor, now=shop.now).money
    assert sorted(str(one.planned.due_now) for one in plans if one.planned) == ["15.00 EUR", "90.00 EUR", "90.00 EUR"]


def test_it_ends_on_its_day_and_a_coupon_that_runs_goes_on(shop: Shop) -> None:
    gives(shop, for_business(shop), until_on=shop.now.date())
    buyer = shop.buyer()
    planned = buyer.preview(buyer.to("Business")).planned
    assert planned is not None
    assert planned.plan.coupon is None


def test_a_rule_for_going_up_names_plans_and_a_coupon_for_them_alone(shop: Shop) -> None:
    up = for_business(shop)
    for offer, wanted in (
        (up, {"to_plans": ()}),
        (coupon(shop, "ANY"), {}),
        (up, {"to_plans": (shop.plans["Basic"],)}),
        (up, {"plans": (shop.plans["Business"],)}),
    ):
        with pytest.raises(InvalidOffer):
            gives(shop, offer, **wanted)
    with pytest.raises(InvalidOffer):
        rule(shop, up, moment=Moment.LEAVING, to_plans=(shop.plans["Business"],))


def test_who_could_go_up_is_told_before(shop: Shop) -> None:
    shop.buyer("Basic")
    shop.buyer("Starter")
    made = gives(shop, for_business(shop))
    with tenant(shop.world.id):
        found = foreseen(shop.world.id, rule_line(shop.world.id, made).rule, now=shop.now)
    assert ([one.line.plan_name for one in found.seen], found.unmet) == (["Basic"], {"plans": 1})
