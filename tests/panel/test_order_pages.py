"""Orders of the checkout in the panel: listed, found, as a file, and named by the customer's timeline."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.models import Customer
from partnerpanel.actions.checkout.models import Checkout
from partnerpanel.actions.checkout.states import CheckoutState
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from partnerpanel.panel.views import orders
from partnerpanel.tenancy.scope import tenant
from tests.checkout.buyers import Buyer, sells
from tests.panel.scriptless import text
from tests.people import Team
from tests.world import World

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"


@pytest.fixture
def world(team: Team) -> World:
    """One who bought, one who has not paid yet, and one who only began."""
    cache.clear()
    world = World(team.partner, now=system_now())
    key = sells(world, team.owner, most_quantity=5)
    anna = Buyer(world, key, "anna@bakery.example")
    anna.begins(name="Anna's Bakery")
    anna.proves()
    anna.orders()
    anna.pays()
    bo = Buyer(world, key, "bo@birch.example", client=Client(headers={"user-agent": FIREFOX}))
    bo.begins(name="Bo Birch", quantity="3")
    bo.proves()
    bo.orders()
    Buyer(world, key, "cy@cedar.example").begins(name="Cy Cedar")
    return world


def at(world: World, what: str = "") -> str:
    return f"/panel/{world.partner.slug}/orders/{what}"


def order_of(world: World, state: CheckoutState) -> Checkout:
    with tenant(world.id):
        return Checkout.objects.for_partner(world.id).get(state=state.value)


def shown(page: str) -> list[bool]:
    return [name in page for name in ("Anna's Bakery", "Bo Birch", "Cy Cedar")]


def test_orders_are_listed_with_who_what_how_far_and_from_where(world: World, team: Team) -> None:
    answer = team.read_only.client().get(at(world))
    page = text(answer)
    assert shown(page) == [True, True, True]
    assert [page.count(word) for word in ("From 127.0.0.1", "Firefox · Linux", "3 ×", "€90.00")] == [3, 1, 1, 1]
    assert page.count("The e-mail address is not confirmed.") == 1
    bought, waits = order_of(world, CheckoutState.COMPLETED), order_of(world, CheckoutState.PAYING)
    customers, markup = f"/panel/{world.partner.slug}/customers/", answer.content.decode()
    buyer = f"{customers}{public('cus', bought.customer_id)}/"
    assert f'href="{buyer}#{public("sub", bought.subscription_id)}"' in markup
    assert f'href="{customers}{public("cus", waits.customer_id)}/"' in markup
    assert markup.count(f'href="{customers}cus_') == 3


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?tab=completed", [True, False, False]),
        ("?tab=paying", [False, True, False]),
        ("?tab=open", [False, False, True]),
        ("?tab=abandoned", [False, False, False]),
        ("?tab=nonsense&cursor=damaged", [True, True, True]),
        ("?q=BAKERY.example", [True, False, False]),
        ("?q=birch&tab=completed", [False, False, False]),
        ("?q=%25", [False, False, False]),
        ("?q=a%00nna", [True, False, False]),
        ("?to=1999-12-31", [False, False, False]),
        ("?from=1999-12-31&to=8999-12-31", [True, True, True]),
    ],
)
def test_orders_are_found_by_state_address_and_day(world: World, team: Team, query: str, names: list[bool]) -> None:
    assert shown(text(team.owner.client().get(at(world, query)))) == names


def test_an_order_is_found_by_its_id_and_by_what_the_customers_address_is_today(world: World, team: Team) -> None:
    client, bought = team.owner.client(), order_of(world, CheckoutState.COMPLETED)
    assert shown(text(client.get(at(world, f"?q={public('chk', bought.pk)}")))) == [True, False, False]
    with tenant(world.id):
        Customer.objects.for_partner(world.id).filter(pk=bought.customer_id).update(email="new@flour.example")
    assert shown(text(client.get(at(world, "?q=new@flour")))) == [True, False, False]


def test_where_nobody_ordered_the_list_says_how_to_sell(team: Team) -> None:
    page = text(team.owner.client().get(at(World(team.partner))))
    assert "No orders here" in page
    assert "No order of this address here" in text(team.owner.client().get(at(World(team.partner), "?q=anna")))


def test_the_list_goes_on_page_by_page(world: World, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "LIMIT", 2)
    client = team.owner.client()
    first: Any = client.get(at(world))
    assert shown(text(first)) == [False, True, True]
    cursor = first.content.decode().partition("cursor=")[2].partition('"')[0]
    assert shown(text(client.get(at(world, f"?cursor={cursor}")))) == [True, False, False]


def test_the_list_asks_as_much_for_many_as_for_few(world: World, team: Team) -> None:
    client, counted = team.owner.client(), []
    client.get(at(world))
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(at(world)).status_code == 200
        counted.append(len(queries))
        for number in range(4):
            Buyer(world, "basic", f"more{number}@cedar.example").begins()
    assert counted[0] == counted[1]
    assert counted[0] <= 30


def test_the_file_has_what_the_list_shows_and_is_for_those_who_may_export(world: World, team: Team) -> None:
    answer: Any = team.owner.client().get(at(world, "export.csv?q=birch"))
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(content))
    waits = order_of(world, CheckoutState.PAYING)
    assert (row["id"], row["subscription"]) == (public("chk", waits.pk), "")
    assert (row["E-mail"], row["State"], row["Quantity"]) == ("bo@birch.example", "Not paid yet", "3")
    assert (row["Amount"], row["Currency"], row["Browser"]) == ("90.00", "EUR", FIREFOX)
    assert team.read_only.client().get(at(world, "export.csv")).status_code == 403


def test_the_customers_timeline_names_the_order_a_subscription_came_from(world: World, team: Team) -> None:
    client, bought = team.owner.client(), order_of(world, CheckoutState.COMPLETED)
    where = f"/panel/{world.partner.slug}/customers/{public('cus', bought.customer_id)}/"
    answer = client.get(where)
    assert "Bought at the checkout · Basic" in text(answer)
    link = at(world, f"?q={public('chk', bought.pk)}")
    assert f'href="{link}">See the order' in answer.content.decode()
    assert shown(text(client.get(link))) == [True, False, False]
