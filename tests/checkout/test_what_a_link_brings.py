"""What a link brings along: a filled-in address, an end, a coupon and add-ons; the buyer sees it and pays by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine

from customers.models import Customer
from partnerpanel.actions.checkout.links import InvalidLink
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import public, uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Plan, Subscription
from subscriptions.queries.addons import held_addons
from subscriptions.rules.addons import AddonKind
from subscriptions.rules.coupons import Discount
from subscriptions.services.addon_catalogue import AddonTerms, create_addon
from subscriptions.services.coupon_catalogue import CouponTerms, create_coupon
from tests.api.program import make_program
from tests.checkout.buyers import Buyer, charges, sells
from tests.people import Team
from tests.world import World

pytestmark = pytest.mark.django_db


def link(world: World, team: Team, **brings: Any) -> Buyer:
    return Buyer(world, sells(world, team.owner, is_public=False, **brings))


def as_shown(buyer: Buyer) -> dict[str, str]:
    """The form as the browser would send it, with nothing typed over what the link filled in."""
    buyer.looks()
    found = {field.name: field.value() for field in buyer.page.context["form"]}
    return {name: str(value) for name, value in found.items() if value not in (None, "")}


def extra_line(world: World, price: int = 500) -> UUID:
    """An add-on that is billed with the plan."""
    sold = world.plan()
    with tenant(world.id):
        plan = Plan.objects.for_partner(world.id).get(pk=sold)
        terms = AddonTerms("Extra line", [Money(price, world.partner.currency)], plan_ids=[plan.pk])
        return create_addon(
            product_id=plan.product_id,
            kind=AddonKind.RECURRING,
            interval=plan.interval,
            terms=terms,
            actor=world.system,
            now=world.now,
        )


def coupon(world: World) -> None:
    with tenant(world.id):
        create_coupon(CouponTerms("TEN", Discount(percent=10)), actor=world.system, now=world.now)


def bought(world: World) -> UUID:
    with tenant(world.id):
        id_: UUID = Subscription.objects.for_partner(world.id).get().pk
    return id_


def buys(buyer: Buyer, **typed: str) -> None:
    buyer.begins(**(as_shown(buyer) | typed))
    buyer.proves()
    buyer.orders()
    assert "Thank you" in buyer.pays()


def test_the_address_is_filled_in_and_is_the_one_that_is_asked_to_prove_itself(shop: World, team: Team) -> None:
    buyer = link(shop, team, email=" Ben@Bakery.example ")
    shown = as_shown(buyer)
    assert shown["email"] == "Ben@Bakery.example"
    assert 'value="Ben@Bakery.example"' in buyer.page.content.decode()
    buyer.address = "Ben@Bakery.example"
    buys(buyer, name="Ben's Bakery")
    with tenant(shop.id):
        assert Customer.objects.for_partner(shop.id).get().email.casefold() == "ben@bakery.example"


def test_another_address_may_be_typed_over_it(shop: World, team: Team) -> None:
    buyer = link(shop, team, email="ben@bakery.example")
    buys(buyer, name="Anna's Bakery", email=buyer.address)
    with tenant(shop.id):
        assert Customer.objects.for_partner(shop.id).get().email == buyer.address


def test_a_link_ends_at_its_instant_for_who_looks_and_for_who_has_the_page_open(shop: World, team: Team) -> None:
    ends_at = system_now() + timedelta(hours=1)
    buyer = link(shop, team, until_at=ends_at)
    form = as_shown(buyer) | {"name": "Anna's Bakery"}
    with time_machine.travel(ends_at - timedelta(seconds=1), tick=False):
        assert "You pay €30.00 now." in buyer.looks()
    with time_machine.travel(ends_at, tick=False):
        assert "This offer is over" in buyer.looks()
        assert buyer.page.status_code == 410
        assert "This offer is over" in buyer.begins(**form)
        assert buyer.page.status_code == 410
    assert charges(shop) == []


def test_the_coupon_of_a_link_is_filled_in_shown_and_taken_off(shop: World, team: Team) -> None:
    coupon(shop)
    buyer = link(shop, team, coupon="TEN")
    assert as_shown(buyer)["coupon"] == "TEN"
    assert "You pay €27.00 now." in buyer.looks()
    buys(buyer, name="Anna's Bakery")
    assert charges(shop) == [("asked", "succeeded", 2700)]


def test_add_ons_of_a_link_are_chosen_already_and_bought_with_the_plan(shop: World, team: Team) -> None:
    addon = extra_line(shop)
    buyer = link(shop, team, addons=((addon, 2),))
    assert "You pay €40.00 now." in buyer.looks()
    buys(buyer, name="Anna's Bakery")
    assert charges(shop) == [("asked", "succeeded", 4000)]
    id_ = bought(shop)
    with tenant(shop.id):
        assert [(one.offer.id, one.quantity) for one in held_addons(shop.id, [id_])[id_]] == [(addon, 2)]


def test_what_a_link_cannot_bring_is_refused_by_its_name(shop: World, team: Team) -> None:
    extra = extra_line(shop)
    for field, brings in (
        ("email", {"email": "nobody"}),
        ("until_at", {"until_at": shop.now}),
        ("coupon", {"coupon": "NONE"}),
        ("addons", {"addons": ((extra, 0),)}),
    ):
        with pytest.raises(InvalidLink) as refused:
            link(shop, team, **brings)
        assert refused.value.field == field
    with pytest.raises(NotFound):
        link(shop, team, addons=((uuid7(), 1),))


def test_a_program_gives_all_of_it_and_reads_it_back(shop: World, team: Team) -> None:
    coupon(shop)
    addon = extra_line(shop)
    until = (system_now() + timedelta(days=3)).replace(microsecond=0)
    caller = make_program(team.owner, scopes=["checkout_links:write", "checkout_links:read"])
    wanted = {
        "plan": public("plan", shop.plan()),
        "email": "ben@bakery.example",
        "until": until.isoformat(),
        "coupon": "TEN",
        "addons": [{"addon": public("addon", addon), "quantity": 2}],
    }
    made: Any = caller.post("/checkout_links", wanted).ok(201)
    read: Any = caller.get(f"/checkout_links/{made['id']}").ok()
    assert (read["email"], read["coupon"], read["addons"]) == (wanted["email"], "TEN", wanted["addons"])
    assert read["until"].startswith(until.strftime("%Y-%m-%dT%H:%M:%S"))
    key = made["url"].rstrip("/").rpartition("/")[2]
    # The coupon is taken off the plan alone.
    assert "You pay €37.00 now." in Buyer(shop, key).looks()
