"""Two people at the same moment: one wins, the other is told what changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from partnerpanel.actions import door
from partnerpanel.actions.door import FactsMoved, Outcome
from partnerpanel.actions.verb import Verb
from partnerpanel.events.models import Event
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import HoldKind
from subscriptions.services.standing import standings
from tests.actions.carry_out import carry_out, reactivate, suspend, undo
from tests.people import Person, Team
from tests.threads import in_threads
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)


def confirming(verb: Verb, person: Person) -> Callable[[], Outcome | FactsMoved]:
    token = door.preview(verb, actor=person.actor, now=NOW).token

    def confirm() -> Outcome | FactsMoved:
        try:
            return door.commit(verb, quote=token, actor=person.actor, now=NOW)
        except FactsMoved as moved:
            return moved

    return confirm


def test_of_two_who_suspend_at_once_one_wins_and_the_other_gets_the_difference(world: World, team: Team) -> None:
    customer = world.customer()
    world.subscription(customer=customer)
    world.drain()
    people = [team.owner, team[Role.ADMIN], team[Role.SUPPORT]]
    results = in_threads(*(confirming(suspend(customer), person) for person in people))
    assert sorted(type(result).__name__ for result in results) == ["FactsMoved", "FactsMoved", "Outcome"]
    for result in results:
        if isinstance(result, FactsMoved):
            assert "already_suspended" in {difference.now for difference in result.differences}
    assert len(world.open_holds(customer)) == 1
    assert written(world, "customer.suspended") == 1


def test_an_account_and_one_of_its_subscriptions_can_be_suspended_at_once(world: World, team: Team) -> None:
    id_ = world.subscription()
    customer = world.read_subscription(id_).customer_id
    world.drain()
    verbs: list[Verb] = [suspend(customer), suspend(customer, id_, HoldKind.ABUSE)]
    results = in_threads(*(confirming(verb, team.owner) for verb in verbs))
    assert sorted(type(result).__name__ for result in results) == ["FactsMoved", "Outcome"]
    assert standing_is_true(world, customer)


def test_an_undo_and_a_reactivation_at_once_release_once(world: World, team: Team) -> None:
    customer = world.customer()
    outcome = carry_out(suspend(customer), team.owner)
    verbs: list[Verb] = [undo(outcome, world), reactivate(customer)]
    results = in_threads(*(confirming(verb, team.owner) for verb in verbs))
    assert sorted(type(result).__name__ for result in results) == ["FactsMoved", "Outcome"]
    assert written(world, "customer.reactivated") == 1


def test_a_sale_and_a_suspension_at_once_leave_the_standing_true(world: World, team: Team) -> None:
    customer, plan = world.customer(), world.plan()
    sell = partial(world.subscription, customer=customer, plan_id=plan)
    hold = partial(door.commit, suspend(customer), quote=None, actor=team.owner.actor, now=NOW)
    in_threads(sell, hold, sell, sell)
    world.drain()
    assert standing_is_true(world, customer)
    assert world.read_customer(customer).is_suspended
    assert not world.read_customer(customer).is_active


def written(world: World, kind: str) -> int:
    with tenant(world.id):
        return Event.objects.for_partner(world.id).filter(kind=kind).count()


def standing_is_true(world: World, customer: object) -> bool:
    row = world.read_customer(customer)  # type: ignore[arg-type]
    with tenant(world.id):
        true = standings(world.id, [row.pk], now=NOW)[row.pk]
    return all(getattr(row, name) == getattr(true, name) for name in true.__dataclass_fields__)
