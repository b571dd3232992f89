"""A coupon is edited: who has redeemed it keeps it as it was, and no limit goes below what is redeemed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from partnerpanel.actions import coupon_catalogue, door
from partnerpanel.actions.coupons import ApplyCoupon
from partnerpanel.events.models import Event
from partnerpanel.kernel.errors import DomainError, Forbidden
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Coupon
from subscriptions.rules.coupons import CouponLimits, Discount
from subscriptions.services.catalogue_changes import CatalogueMoved
from subscriptions.services.coupon_catalogue import CouponTerms, InvalidCoupon
from subscriptions.services.coupon_changes import CouponLimitTooLow
from tests.actions.selling import Shop
from tests.people import Team
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


@pytest.fixture
def coupon(shop: Shop) -> UUID:
    terms = CouponTerms("SPRING", Discount(percent=25), most=3)
    return coupon_catalogue.create_coupon(terms, actor=shop.person.actor, now=shop.now)


def changed(shop: Shop, coupon: UUID, *, version: int = 1, **limits: Any) -> dict[str, Any]:
    wanted = CouponLimits(**limits)
    return coupon_catalogue.change_coupon(coupon, wanted, version=version, actor=shop.person.actor, now=shop.now)


def stored(shop: Shop, coupon: UUID) -> Coupon:
    with tenant(shop.world.id):
        return Coupon.objects.for_partner(shop.world.id).get(pk=coupon)


def test_what_differs_is_written_and_told(shop: Shop, coupon: UUID) -> None:
    said = changed(shop, coupon, name=" For friends ", until_on=date(2026, 6, 1), most=5, most_each=1)
    assert said == {
        "name": ["", "For friends"],
        "until_on": [None, "2026-06-01"],
        "most": [3, 5],
        "most_each": [None, 1],
    }
    row = stored(shop, coupon)
    assert (row.limits, row.version) == (CouponLimits("For friends", None, date(2026, 6, 1), 5, 1), 2)
    with tenant(shop.world.id):
        assert Event.objects.for_partner(shop.world.id).get(kind="coupon.updated").data == {"changes": said}
    assert changed(shop, coupon, version=2, **{"name": "For friends"} | vars_of(row)) == {}
    assert stored(shop, coupon).version == 2


def vars_of(row: Coupon) -> dict[str, Any]:
    limits = row.limits
    return {"from_on": limits.from_on, "until_on": limits.until_on, "most": limits.most, "most_each": limits.most_each}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "x" * 121}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"most": 0}, "most"),
        ({"most_each": 1_000_000_001}, "most_each"),
        ({"from_on": date(2026, 5, 1), "until_on": date(2026, 5, 1)}, "until_on"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    shop: Shop, coupon: UUID, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidCoupon) as refusal:
        changed(shop, coupon, **wrong)
    assert (refusal.value.code, refusal.value.field) == ("invalid_coupon", field)
    assert stored(shop, coupon).version == 1


def test_no_limit_goes_below_what_is_redeemed(shop: Shop, coupon: UUID) -> None:
    for buyer in (shop.buyer(), shop.buyer()):
        buyer.does(ApplyCoupon(buyer.target, "spring"))
    for limits, field in (({"most": 1}, "most"), ({"most": None, "most_each": 1}, "")):
        if field:
            with pytest.raises(CouponLimitTooLow) as refusal:
                changed(shop, coupon, **limits)
            assert (refusal.value.code, refusal.value.field) == ("coupon_limit_too_low", field)
            assert refusal.value.message == "It was redeemed 2 times already. Write 2 or more."
        else:
            changed(shop, coupon, **limits)
    assert stored(shop, coupon).limits == CouponLimits(most_each=1)


def test_who_was_slower_is_told_and_who_may_not_is_refused(shop: Shop, team: Team, coupon: UUID) -> None:
    changed(shop, coupon, most=4)
    with pytest.raises(CatalogueMoved):
        changed(shop, coupon, most=5)
    for role in (Role.SUPPORT, Role.READ_ONLY):
        with pytest.raises(Forbidden):
            coupon_catalogue.change_coupon(coupon, CouponLimits(), version=2, actor=team[role].actor, now=shop.now)
    assert stored(shop, coupon).most == 4


def test_what_was_redeemed_keeps_its_terms(shop: Shop, coupon: UUID) -> None:
    buyer = shop.buyer()
    buyer.does(ApplyCoupon(buyer.target, "spring"))
    changed(shop, coupon, until_on=shop.now.date(), most=1)
    buyer.lives_until(shop.now.replace(month=4, day=3))
    assert buyer.charged == ["75.00"]


def test_a_limit_and_a_redemption_at_the_same_time_leave_no_more_redeemed_than_allowed(
    shop: Shop, coupon: UUID
) -> None:
    first, second = shop.buyer(), shop.buyer()
    first.does(ApplyCoupon(first.target, "spring"))

    def attempt(what: str) -> str:
        try:
            if what == "lower":
                changed(shop, coupon, most=1)
            else:
                verb = ApplyCoupon(second.target, "spring")
                door.commit(verb, quote=None, actor=shop.person.actor, now=shop.now)
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(attempt, ("lower", "redeem")))
    assert found in (["done", "nothing_to_do"], ["coupon_limit_too_low", "done"]), found


def test_limits_say_what_changes() -> None:
    before = CouponLimits("a", date(2026, 1, 1), None, 3, None)
    assert before.changes_to(before) == {}
    assert before.changes_to(replace(before, from_on=None, most=None)) == {
        "from_on": ["2026-01-01", None],
        "most": [3, None],
    }
