"""Products and plans: made, changed, archived and restored; what was sold stays as it was sold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from partnerpanel.actions import catalogue
from partnerpanel.actions.catalogue import CatalogueMoved
from partnerpanel.events.queries import Entry, of_object
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.catalogue import (
    CatalogueTab,
    PlanLine,
    ProductLine,
    catalogue_counts,
    catalogue_page,
    plan_line,
    product_line,
)
from subscriptions.queries.plan_holders import holder_facts, service_facts
from subscriptions.rules.catalogue import IntervalHeld, InvalidPlan, PlanChange, merged
from subscriptions.rules.states import Lifecycle
from subscriptions.services.archive import AlreadyArchived, NotArchived
from subscriptions.services.catalogue import NameTaken
from tests.actions.carry_out import everything
from tests.people import Person, Team
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)
YEARLY = Interval(Unit.YEAR)


def product(person: Person, name: str = "Hosting") -> UUID:
    return catalogue.create_product(name=name, actor=person.actor, now=NOW)


def plan(person: Person, product_id: UUID | None = None, **other: Any) -> UUID:
    wanted: dict[str, Any] = {
        "name": "Start",
        "interval": Interval(Unit.MONTH),
        "prices": [Money(1000, "EUR"), Money(1500, "JPY"), Money(2500, "KWD")],
        "rank": 10,
        "allowances": {"connections": 2},
    }
    return catalogue.create_plan(
        product_id=product_id or product(person), actor=person.actor, now=NOW, **(wanted | other)
    )


def change(person: Person, plan_id: UUID, wanted: PlanChange, *, version: int = 1) -> Any:
    return catalogue.change_plan(plan_id, wanted, version=version, actor=person.actor, now=NOW)


def read(world: World, plan_id: UUID) -> PlanLine:
    with tenant(world.id):
        return plan_line(world.id, plan_id)


def read_product(world: World, product_id: UUID) -> ProductLine:
    with tenant(world.id):
        return product_line(world.id, product_id)


def events(world: World, kind: str, id_: UUID) -> list[Entry]:
    with tenant(world.id):
        return of_object(world.id, kind, id_, limit=50)


def listed(world: World, tab: CatalogueTab, search: str = "") -> list[tuple[str, list[str]]]:
    with tenant(world.id):
        rows = catalogue_page(world.id, tab=tab, search=search, cursor=None, limit=50).rows
    return [(row.name, [plan.name for plan in row.plans]) for row in rows]


def test_a_plan_is_read_as_it_was_written(world: World, owner: Person) -> None:
    found = read(world, plan(owner))
    assert (found.name, found.rank, found.allowances) == ("Start", 10, {"connections": 2})
    assert [str(price) for price in found.prices] == ["10.00 EUR", "1500 JPY", "2.500 KWD"]
    assert found.is_sellable


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", {"name": "  "}),
        ("name", {"name": "n" * 121}),
        ("prices", {"prices": []}),
        ("prices", {"prices": [Money(1, "EUR"), Money(2, "EUR")]}),
        ("prices", {"prices": [Money(-1, "EUR")]}),
        ("prices", {"prices": [Money(10**13, "EUR")]}),
        ("rank", {"rank": 2**31}),
        ("allowances", {"allowances": {"users": -1}}),
        ("allowances", {"allowances": {" ": 1}}),
        ("allowances", {"allowances": {f"n{n}": 1 for n in range(51)}}),
    ],
)
def test_wrong_input_names_its_field_and_writes_nothing(
    world: World, owner: Person, field: str, wrong: dict[str, Any]
) -> None:
    product_id = product(owner)
    before = everything(world)
    with pytest.raises(InvalidPlan) as refused:
        plan(owner, product_id, **wrong)
    assert refused.value.field == field
    assert everything(world) == before


def test_a_name_is_taken_once_among_siblings_and_free_elsewhere(world: World, owner: Person) -> None:
    first, second = product(owner, "Hosting"), product(owner, "Mail")
    plan(owner, first)
    plan(owner, second)
    with pytest.raises(NameTaken):
        plan(owner, first, name=" Start ")
    with pytest.raises(NameTaken):
        product(owner, "Mail")
    other = plan(owner, first, name="Plus")
    with pytest.raises(NameTaken):
        change(owner, other, PlanChange(name="Start"))
    with pytest.raises(NameTaken):
        catalogue.rename_product(second, name="Hosting", version=1, actor=owner.actor, now=NOW)


def test_a_change_is_recorded_with_what_was_and_what_is(world: World, owner: Person) -> None:
    plan_id = plan(owner)
    wanted = PlanChange(
        name="Starter",
        rank=11,
        interval=YEARLY,
        allowances={"connections": 3, "users": 1},
        prices=[Money(1200, "EUR"), Money(1500, "JPY"), Money(900, "USD")],
    )
    changes = change(owner, plan_id, wanted)
    assert changes == {
        "name": ["Start", "Starter"],
        "interval": ["1 month", "1 year"],
        "rank": [10, 11],
        "allowances": {"connections": [2, 3], "users": [None, 1]},
        "prices": {"EUR": [1000, 1200], "KWD": [2500, None], "USD": [None, 900]},
    }
    newest, created = events(world, "plan", plan_id)
    assert (newest.kind, newest.data["changes"], newest.actor_id) == ("plan.updated", changes, owner.user.pk)
    assert created.kind == "plan.created"
    found = read(world, plan_id)
    assert (found.name, found.rank, found.interval_unit, found.version) == ("Starter", 11, "year", 2)
    assert [str(price) for price in found.prices] == ["12.00 EUR", "1500 JPY", "9.00 USD"]


def test_the_preview_is_what_is_written(world: World, owner: Person) -> None:
    plan_id, wanted = plan(owner), PlanChange(rank=7, prices=[Money(1, "EUR")])
    before = everything(world)
    previewed = catalogue.preview_change(plan_id, wanted, actor=owner.actor)
    assert everything(world) == before
    assert change(owner, plan_id, wanted) == previewed


def test_saving_what_is_there_already_changes_nothing(world: World, owner: Person) -> None:
    plan_id = plan(owner)
    before = everything(world)
    assert change(owner, plan_id, PlanChange(name="Start", rank=10, allowances={"connections": 2})) == {}
    assert everything(world) == before


def test_the_second_of_two_editors_gets_the_difference(world: World, owner: Person, team: Team) -> None:
    plan_id = plan(owner)
    change(owner, plan_id, PlanChange(rank=20))
    change(owner, plan_id, PlanChange(name="Starter", rank=30), version=2)
    before = everything(world)
    with pytest.raises(CatalogueMoved) as moved:
        change(team[Role.ADMIN], plan_id, PlanChange(rank=40))
    assert moved.value.status == 409
    assert everything(world) == before
    since = catalogue.changed_since("plan", plan_id, 1, actor=owner.actor)
    assert since == {"rank": [10, 30], "name": ["Start", "Starter"]}


def test_changes_there_and_back_are_none() -> None:
    there = {"rank": [1, 2], "prices": {"EUR": [1, 2], "USD": [None, 5]}}
    back = {"rank": [2, 1], "prices": {"EUR": [2, 1], "USD": [5, None]}}
    assert merged(there, back) == {}


def test_who_bought_keeps_price_and_interval(world: World, owner: Person) -> None:
    plan_id = plan(owner)
    subscription = world.subscription(plan_id=plan_id)
    with pytest.raises(IntervalHeld) as refused:
        change(owner, plan_id, PlanChange(interval=YEARLY))
    assert refused.value.field == "interval_unit"
    change(owner, plan_id, PlanChange(prices=[Money(9900, "EUR")]))
    assert world.read_subscription(subscription).price == Money(1000, "EUR")
    later = world.subscription(plan_id=plan_id)
    assert world.read_subscription(later).price == Money(9900, "EUR")


def test_one_who_has_left_holds_the_interval_too(world: World, owner: Person) -> None:
    plan_id = plan(owner)
    world.subscription("ended", plan_id=plan_id)
    with pytest.raises(IntervalHeld):
        change(owner, plan_id, PlanChange(interval=YEARLY))


def test_an_archived_plan_keeps_its_holders_and_is_not_sold(world: World, owner: Person) -> None:
    plan_id = plan(owner)
    subscription = world.subscription(plan_id=plan_id)
    catalogue.archive_plan(plan_id, actor=owner.actor, now=NOW)
    assert not read(world, plan_id).is_sellable
    assert read(world, plan_id).held.subscriptions == 1
    world.drain("subscriptions", now=NOW + timedelta(days=40))
    assert world.read_subscription(subscription).lifecycle == Lifecycle.ACTIVE
    with pytest.raises(AlreadyArchived):
        catalogue.archive_plan(plan_id, actor=owner.actor, now=NOW)
    catalogue.restore_plan(plan_id, actor=owner.actor, now=NOW)
    assert read(world, plan_id).is_sellable
    with pytest.raises(NotArchived):
        catalogue.restore_plan(plan_id, actor=owner.actor, now=NOW)
    kinds = [entry.kind for entry in events(world, "plan", plan_id)]
    assert kinds == ["plan.restored", "plan.archived", "plan.created"]


def test_an_archived_product_sells_none_of_its_plans(world: World, owner: Person) -> None:
    product_id = product(owner)
    sold, shelved = plan(owner, product_id), plan(owner, product_id, name="Old")
    catalogue.archive_plan(shelved, actor=owner.actor, now=NOW)
    catalogue.archive_product(product_id, actor=owner.actor, now=NOW)
    assert not any(line.is_sellable for line in read_product(world, product_id).plans)
    catalogue.restore_product(product_id, actor=owner.actor, now=NOW)
    assert read(world, sold).is_sellable
    assert not read(world, shelved).is_sellable


def test_the_tabs_show_what_is_sold_and_what_is_not(world: World, owner: Person) -> None:
    hosting, mail = product(owner, "Hosting"), product(owner, "Mail")
    product(owner, "Empty")
    plan(owner, hosting, rank=2)
    old = plan(owner, hosting, name="Old", rank=1)
    plan(owner, mail, name="Box")
    catalogue.archive_plan(old, actor=owner.actor, now=NOW)
    catalogue.archive_product(mail, actor=owner.actor, now=NOW)
    assert listed(world, CatalogueTab.ON_SALE) == [("Empty", []), ("Hosting", ["Start"])]
    assert listed(world, CatalogueTab.ARCHIVED) == [("Hosting", ["Old"]), ("Mail", ["Box"])]
    assert listed(world, CatalogueTab.ALL) == [("Empty", []), ("Hosting", ["Old", "Start"]), ("Mail", ["Box"])]
    assert listed(world, CatalogueTab.ALL, "bo") == [("Mail", ["Box"])]
    assert listed(world, CatalogueTab.ALL, "HOST") == [("Hosting", ["Old", "Start"])]
    assert listed(world, CatalogueTab.ALL, "empt") == [("Empty", [])]
    assert listed(world, CatalogueTab.ALL, "%") == []
    with tenant(world.id):
        assert catalogue_counts(world.id, search="") == {"on_sale": 1, "archived": 2, "all": 3}


def test_pages_of_products_hold_each_once(world: World, owner: Person) -> None:
    for number in range(7):
        product(owner, f"Product {number}")
    names, cursor = [], None
    with tenant(world.id):
        while True:
            page = catalogue_page(world.id, tab=CatalogueTab.ALL, search="", cursor=cursor, limit=3)
            names += [row.name for row in page.rows]
            cursor = page.next
            if cursor is None:
                break
    assert names == [f"Product {number}" for number in range(7)]


def test_holders_add_up(world: World, owner: Person) -> None:
    plan_id = plan(owner)
    customer = world.customer()
    for state in ("active", "trialing", "ended", "cancelling", "held by hand"):
        world.subscription(state, plan_id=plan_id, customer=customer)
    world.subscription(plan_id=plan_id, quantity=3)
    world.subscription(plan_id=plan_id, price=Money(700, "EUR"))
    found = read(world, plan_id).held
    assert found.subscriptions == 6
    assert found.monthly == (Money(1000 * 3 + 3000 + 700, "EUR"),)
    with tenant(world.id):
        facts = holder_facts(world.id, plan_id)
        service = service_facts(world.id, plan_id)
    assert facts.customers == 3
    assert facts.by_lifecycle == {Lifecycle.ACTIVE: 5, Lifecycle.TRIALING: 1}
    assert (facts.cancelling, facts.suspended) == (1, 1)
    assert [(str(one.price), one.is_agreed, one.subscriptions) for one in facts.prices] == [
        ("10.00 EUR", False, 5),
        ("7.00 EUR", True, 1),
    ]
    assert service.accounts == 6


VERBS: dict[str, Callable[[Person, UUID, UUID], Any]] = {
    "create a product": lambda who, *_: product(who, "Another"),
    "rename": lambda who, prod, _: catalogue.rename_product(prod, name="B", version=1, actor=who.actor, now=NOW),
    "create a plan": lambda who, prod, _: plan(who, prod, name="Another"),
    "preview": lambda who, _, plan_id: catalogue.preview_change(plan_id, PlanChange(rank=1), actor=who.actor),
    "change": lambda who, _, plan_id: change(who, plan_id, PlanChange(rank=1)),
    "archive a plan": lambda who, _, plan_id: catalogue.archive_plan(plan_id, actor=who.actor, now=NOW),
    "restore a plan": lambda who, _, plan_id: catalogue.restore_plan(plan_id, actor=who.actor, now=NOW),
    "archive a product": lambda who, prod, _: catalogue.archive_product(prod, actor=who.actor, now=NOW),
    "restore a product": lambda who, prod, _: catalogue.restore_product(prod, actor=who.actor, now=NOW),
}


@pytest.mark.parametrize("role", [Role.BILLING, Role.SUPPORT, Role.READ_ONLY])
@pytest.mark.parametrize("verb", VERBS)
def test_only_owners_and_admins_change_the_catalogue(
    world: World, team: Team, owner: Person, verb: str, role: Role
) -> None:
    product_id = product(owner)
    plan_id = plan(owner, product_id)
    before = everything(world)
    with pytest.raises(Forbidden):
        VERBS[verb](team[role], product_id, plan_id)
    assert everything(world) == before


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "create a product"])
def test_another_partners_product_and_plan_do_not_exist(
    world: World, owner: Person, stranger: Person, verb: str
) -> None:
    product_id = product(owner)
    plan_id = plan(owner, product_id)
    before = everything(world)
    answers = []
    for ids in ((product_id, plan_id), (uuid7(), uuid7())):
        with pytest.raises(NotFound) as refused:
            VERBS[verb](stranger, *ids)
        answers.append((refused.value.message, refused.value.field))
    assert answers[0] == answers[1]
    assert everything(world) == before
