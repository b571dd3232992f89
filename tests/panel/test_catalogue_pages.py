"""Pages and popups of the catalogue, asked for like a browser without a script does."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partnerpanel.kernel.ids import parse, public
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.catalogue import CatalogueTab, PlanLine, catalogue_page, plan_line
from tests.actions.carry_out import everything
from tests.people import Person, Team
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def at(world: World, path: str) -> str:
    return f"/panel/{world.partner.slug}/{path}"


def plan_at(world: World, plan_id: UUID, what: str = "") -> str:
    return at(world, f"plans/{public('plan', plan_id)}/{what}")


def read(world: World, plan_id: UUID) -> PlanLine:
    with tenant(world.id):
        return plan_line(world.id, plan_id)


def new_plan(product_id: UUID, **other: Any) -> dict[str, Any]:
    wanted = {
        "product": public("prod", product_id),
        "name": "Plus",
        "interval_count": "3",
        "interval_unit": "month",
        "rank": "20",
        "prices_left": ["EUR", "jpy", ""],
        "prices_right": ["1,050.00", "1500", ""],
        "allowances_left": ["connections", "users", ""],
        "allowances_right": ["2", "10", ""],
    }
    return wanted | other


def edited(plan: PlanLine, **other: Any) -> dict[str, Any]:
    wanted = {
        "name": plan.name,
        "interval_count": plan.interval_count,
        "interval_unit": plan.interval_unit,
        "rank": plan.rank,
        "version": plan.version,
    }
    return wanted | other


def plans(world: World) -> list[PlanLine]:
    with tenant(world.id):
        rows = catalogue_page(world.id, tab=CatalogueTab.ALL, search="", cursor=None, limit=50).rows
    return [plan for row in rows for plan in row.plans]


def test_a_product_and_a_plan_are_made_as_people_write_them(world: World, owner: Person) -> None:
    client = owner.client()
    assert client.post(at(world, "products/new/"), {"name": " Cloud   storage "}).status_code == 302
    with tenant(world.id):
        (product,) = catalogue_page(world.id, tab=CatalogueTab.ALL, search="", cursor=None, limit=5).rows
    assert product.name == "Cloud storage"
    assert client.post(at(world, "plans/new/"), new_plan(product.id)).status_code == 302
    (made,) = plans(world)
    assert (made.name, made.interval_unit, made.interval_count, made.rank) == ("Plus", "month", 3, 20)
    assert made.prices == (Money(105_000, "EUR"), Money(1500, "JPY"))
    assert made.allowances == {"connections": 2, "users": 10}


def test_a_german_writes_a_comma(world: World, owner: Person) -> None:
    client, plan_id = owner.client(), world.plan()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    prices = {"prices_left": ["EUR"], "prices_right": ["1.234,50"], "version": "1"}
    assert client.post(plan_at(world, plan_id, "prices/"), prices).status_code == 302
    assert read(world, plan_id).prices == (Money(123_450, "EUR"),)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Give it a name."),
        ({"name": "Basic"}, "This name is taken."),
        ({"product": "prod_nobody"}, "Product:"),
        ({"prices_left": ["EUR"], "prices_right": ["10,50"]}, "“10,50” is no amount in EUR, such as 29.85."),
        ({"prices_left": ["JPY"], "prices_right": ["10.5"]}, "“10.5” is no amount in JPY, such as 15."),
        ({"prices_left": ["XYZ"], "prices_right": ["1"]}, "“XYZ” is no currency"),
        ({"prices_left": ["EUR", "eur"], "prices_right": ["1", "2"]}, "“EUR” is there twice"),
        ({"prices_left": ["EUR"], "prices_right": [""]}, "one half is missing"),
        ({"prices_left": ["EUR"], "prices_right": ["-1"]}, "each zero or more"),
        ({"prices_left": [""], "prices_right": [""]}, "A plan needs at least one price."),
        ({"allowances_left": ["users"], "allowances_right": ["many"]}, "“users” needs a whole number"),
        ({"allowances_left": ["users", "Users"], "allowances_right": ["1", "2"]}, "“Users” is there twice"),
        ({"allowances_left": ["us\x00ers"], "allowances_right": ["1"]}, "Null characters"),
        ({"interval_count": "61"}, "Such an interval cannot be billed"),
        ({"rank": "9999999999"}, "Rank:"),
    ],
)
def test_wrong_input_is_answered_at_its_field(world: World, owner: Person, wrong: dict[str, Any], said: str) -> None:
    product = read(world, world.plan()).product_id
    before = everything(world)
    answer = owner.client().post(at(world, "plans/new/"), new_plan(product, **wrong))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert everything(world) == before


def test_the_preview_follows_what_is_typed_and_writes_nothing(world: World, owner: Person) -> None:
    plan_id = world.plan()
    world.subscription(plan_id=plan_id)
    before = everything(world)
    prices = {"prices_left": ["EUR"], "prices_right": ["45.00"], "version": "1"}
    text = owner.client().post(plan_at(world, plan_id, "prices/?preview"), prices).content.decode()
    assert "1 subscription keeps the price that is paid now." in text
    assert "€30.00" in text
    assert "€45.00" in text
    assert everything(world) == before


def test_a_sold_interval_stays_and_the_page_says_why(world: World, owner: Person) -> None:
    plan_id = world.plan()
    world.subscription(plan_id=plan_id)
    data = edited(read(world, plan_id), interval_unit="year")
    answer = owner.client().post(plan_at(world, plan_id, "edit/"), data)
    assert answer.status_code == 422
    assert "this plan has been sold" in answer.content.decode()
    preview = owner.client().post(plan_at(world, plan_id, "edit/?preview"), data)
    assert "this plan has been sold" in preview.content.decode()


def test_the_second_editor_is_shown_the_difference_and_may_confirm_again(
    world: World, owner: Person, team: Team
) -> None:
    plan_id, admin = world.plan(), team[Role.ADMIN].client()
    seen = read(world, plan_id)
    assert owner.client().post(plan_at(world, plan_id, "edit/"), edited(seen, rank=9)).status_code == 302
    answer = admin.post(plan_at(world, plan_id, "edit/"), edited(seen, name="Basis"))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "This has changed since you opened it" in text
    assert 'name="version" value="2"' in text
    assert read(world, plan_id).name == "Basic"
    assert admin.post(plan_at(world, plan_id, "edit/"), edited(seen, name="Basis", version=2)).status_code == 302
    assert read(world, plan_id).name == "Basis"


def test_archiving_says_who_keeps_it_and_twice_is_told(world: World, owner: Person) -> None:
    plan_id, client = world.plan(), owner.client()
    world.subscriptions(world.customers(2), plan_id=plan_id)
    text = client.get(plan_at(world, plan_id, "archive/")).content.decode()
    assert "2 subscriptions keep their plan" in text
    assert client.post(plan_at(world, plan_id, "archive/")).status_code == 302
    assert client.post(plan_at(world, plan_id, "archive/")).status_code == 409
    assert "Yes, Archive" not in client.get(plan_at(world, plan_id, "archive/")).content.decode()
    assert client.post(plan_at(world, plan_id, "restore/")).status_code == 302
    assert read(world, plan_id).is_sellable


def test_the_plans_page_tells_prices_holders_and_history(world: World, owner: Person) -> None:
    plan_id = world.plan(allowances={"connections": 2})
    world.subscriptions(world.customers(3), plan_id=plan_id)
    world.subscription(plan_id=plan_id, price=Money(2500, "EUR"))
    client = owner.client()
    client.post(plan_at(world, plan_id, "prices/"), {"prices_left": ["EUR"], "prices_right": ["35"], "version": "1"})
    text = client.get(plan_at(world, plan_id)).content.decode()
    for said in ("€35.00", "4 subscriptions", "earlier price", "agreed", "Price in EUR: €30.00 → €35.00", "Owner of"):
        assert said in text
    customers = client.get(at(world, f"customers/?plan={public('plan', plan_id)}")).content.decode()
    assert customers.count('<th role="rowheader"') == 4


def test_a_plans_name_is_never_markup(world: World, owner: Person) -> None:
    plan_id = world.plan("<script>alert(1)</script>", allowances={"<b>x</b>": 1})
    for path in (plan_at(world, plan_id), plan_at(world, plan_id, "edit/"), at(world, "products/")):
        text = owner.client().get(path).content.decode()
        assert "<script>alert(1)" not in text
        assert "<b>x</b>" not in text


@pytest.mark.parametrize("path", ["products/", "products/?tab=archived", "products/?q=a%00b", "products/?cursor=x"])
def test_the_list_answers_whatever_is_asked(world: World, colleague: Person, path: str) -> None:
    world.plan()
    answer = colleague.client().get(at(world, path))
    assert answer.status_code == 200
    assert "New plan" not in answer.content.decode()


def test_the_list_asks_the_same_number_of_queries_for_one_plan_and_for_many(world: World, owner: Person) -> None:
    def asked(client: Client) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(at(world, "products/")).status_code == 200
        return len(queries)

    client = owner.client()
    world.subscription(plan_id=world.plan("First"))
    asked(client)
    one = asked(client)
    for number in range(6):
        world.subscription(plan_id=world.plan(f"Plan {number}"))
    assert asked(client) == one


def test_ids_of_another_kind_are_unknown(world: World, owner: Person) -> None:
    plan_id = world.plan()
    swapped = public("prod", plan_id)
    assert parse("prod", swapped) == plan_id
    assert owner.client().get(at(world, f"products/{swapped}/")).status_code == 404
    assert owner.client().get(at(world, f"plans/{swapped}/")).status_code == 404
