"""Everybody at the very same time: buttons, the return page, workers."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from partnerpanel.actions.checkout import cards
from partnerpanel.actions.checkout.desk import order, planned
from partnerpanel.actions.checkout.models import Checkout
from partnerpanel.actions.checkout.quoting import amounts_of
from partnerpanel.actions.checkout.settle import settle
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription
from tests.checkout.buyers import ADDRESS, Buyer, charges, customers, sells
from tests.people import Team
from tests.threads import in_threads
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(transactional_db: None, team: Team) -> World:
    cache.clear()
    return World(team.partner, now=system_now())


def proved(shop: World, key: str) -> Buyer:
    buyer = Buyer(shop, key)
    buyer.begins()
    buyer.proves()
    return buyer


def orders(buyer: Buyer) -> str:
    row = buyer.row
    with tenant(buyer.world.id):
        shown = amounts_of(planned(row, now=buyer.world.now))
    return order(buyer.world.id, buyer.id, shown=shown, now=system_now()).value


def test_two_buttons_three_settlements_and_a_worker_buy_once(shop: World, team: Team) -> None:
    buyer = proved(shop, sells(shop, team.owner))
    assert in_threads(lambda: orders(buyer), lambda: orders(buyer)) == ["paying", "paying"]
    cards.give_test_card(shop.id, buyer.id, ref="sandbox_ok", now=system_now())

    def settles() -> str:
        return settle(shop.id, buyer.id, now=system_now()).value

    def works() -> str:
        shop.drain("outbox", "checkouts", "charges", now=system_now())
        return "worked"

    in_threads(settles, settles, works, settles)
    assert settles() == "completed"
    with tenant(shop.id):
        assert Subscription.objects.for_partner(shop.id).count() == 1
    assert charges(shop) == [("asked", "succeeded", 3000)]


def test_a_form_that_is_sent_twice_at_once_begins_one_order(shop: World, team: Team) -> None:
    buyer = Buyer(shop, sells(shop, team.owner))
    token = buyer.client.get(buyer.offer).context["order"]

    def sends() -> str:
        twin = Buyer(shop, buyer.key)
        twin.begins(order=token)
        return twin.at

    first, second = in_threads(sends, sends)
    assert first == second != ""
    with tenant(shop.id):
        assert Checkout.objects.for_partner(shop.id).count() == 1


def test_the_script_that_keeps_the_total_current_orders_nothing(shop: World, team: Team) -> None:
    """It also sends the button that was pressed meanwhile."""
    buyer = Buyer(shop, sells(shop, team.owner), client=Client(headers={"hx-request": "true"}))
    buyer.begins()
    assert (buyer.page.status_code, buyer.at) == (200, "")
    with tenant(shop.id):
        assert not Checkout.objects.for_partner(shop.id).exists()


def test_two_orders_of_one_new_address_make_one_customer(shop: World, team: Team) -> None:
    key = sells(shop, team.owner)
    one, two = proved(shop, key), proved(shop, key)
    in_threads(lambda: orders(one), lambda: orders(two))
    assert len(customers(shop, ADDRESS)) == 1
    assert one.row.customer_id == two.row.customer_id


def test_the_last_use_of_a_link_is_taken_once(shop: World, team: Team) -> None:
    key = sells(shop, team.owner, is_public=False, most_uses=1, trial_days=7, trial_needs_card=False)
    one, two = proved(shop, key), proved(shop, key)

    def tries(buyer: Buyer) -> str:
        try:
            return orders(buyer)
        except Exception as error:  # noqa: BLE001 the refusal is what is looked at
            return type(error).__name__

    assert sorted(in_threads(lambda: tries(one), lambda: tries(two))) == ["LinkOver", "paying"]
    with tenant(shop.id):
        assert Subscription.objects.for_partner(shop.id).count() == 1
