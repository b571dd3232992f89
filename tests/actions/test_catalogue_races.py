"""Two people at the catalogue at the same moment: one is first, the other is told; nothing is lost or half done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from partnerpanel.actions import catalogue
from partnerpanel.events.queries import of_object
from partnerpanel.kernel.errors import Conflict, DomainError
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Term
from subscriptions.queries.catalogue import plan_line
from subscriptions.rules.catalogue import PlanChange
from tests.people import Person
from tests.threads import in_threads
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 8


def outcome(work: Callable[[], Any]) -> Callable[[], str]:
    """“done”, or the code of the refusal."""

    def tried() -> str:
        try:
            work()
        except DomainError as error:
            return error.code
        return "done"

    return tried


def new_plan(owner: Person, name: str = "Start", product: UUID | None = None) -> UUID:
    return catalogue.create_plan(
        product_id=product or catalogue.create_product(name=f"Product of {name}", actor=owner.actor, now=NOW),
        name=name,
        interval=Interval(Unit.MONTH),
        prices=[Money(1000, "EUR")],
        rank=1,
        allowances={},
        actor=owner.actor,
        now=NOW,
    )


def change(owner: Person, plan_id: UUID, wanted: PlanChange, version: int = 1) -> Callable[[], Any]:
    return lambda: catalogue.change_plan(plan_id, wanted, version=version, actor=owner.actor, now=NOW)


def test_of_two_editors_one_saves_and_one_is_told(world: World, owner: Person) -> None:
    for number in range(ROUNDS):
        plan_id = new_plan(owner, f"Plan {number}")
        wishes = [PlanChange(rank=7), PlanChange(prices=[Money(1200, "EUR")])]
        results = in_threads(*(outcome(change(owner, plan_id, wish)) for wish in wishes))
        assert sorted(results) == ["catalogue_moved", "done"]
        with tenant(world.id):
            found = plan_line(world.id, plan_id)
            assert [entry.sequence for entry in of_object(world.id, "plan", plan_id, limit=9)] == [2, 1]
        assert (found.rank == 7) != (found.prices == (Money(1200, "EUR"),))


def test_a_name_is_given_once_however_many_ask(world: World, owner: Person) -> None:
    product = catalogue.create_product(name="Hosting", actor=owner.actor, now=NOW)
    results = in_threads(*[outcome(lambda: new_plan(owner, "Start", product))] * 4)
    assert sorted(results) == ["done", "name_taken", "name_taken", "name_taken"]
    results = in_threads(*[outcome(lambda: catalogue.create_product(name="Mail", actor=owner.actor, now=NOW))] * 4)
    assert sorted(results) == ["done", "name_taken", "name_taken", "name_taken"]


def test_archiving_twice_at_once_happens_once(world: World, owner: Person) -> None:
    plan_id = new_plan(owner)
    results = in_threads(*[outcome(lambda: catalogue.archive_plan(plan_id, actor=owner.actor, now=NOW))] * 3)
    assert sorted(results) == ["already_archived", "already_archived", "done"]


def test_a_sale_and_a_change_of_the_interval_agree_on_the_term(world: World, owner: Person) -> None:
    for number in range(ROUNDS):
        plan_id, customer = new_plan(owner, f"Plan {number}"), world.customer()
        yearly = change(owner, plan_id, PlanChange(interval=Interval(Unit.YEAR)))
        sale = outcome(lambda p=plan_id, c=customer: world.subscription(plan_id=p, customer=c))  # type: ignore[misc]
        changed, sold = in_threads(outcome(yearly), sale)
        assert changed in ("done", "interval_held")
        assert sold in ("done", Conflict.code)
        if sold != "done":
            continue
        with tenant(world.id):
            days = Term.objects.for_partner(world.id).filter(subscription__plan=plan_id).get()
            length = (days.ends_on - days.starts_on).days
            unit = plan_line(world.id, plan_id).interval_unit
        assert (length > 300) == (unit == "year")
