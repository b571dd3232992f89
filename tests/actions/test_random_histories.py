"""Whatever people do, in whatever order: the columns that lists filter by always equal what follows from the rows."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import Q

from partnerpanel.actions.door import Outcome, Refused
from partnerpanel.actions.undo import Undo
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Hold, ServiceAccount, Subscription, Term
from subscriptions.queries.facts import pause_runs
from subscriptions.rules.service_states import desired_state
from subscriptions.rules.states import HoldKind, Lifecycle, access_of, counts_as_suspended
from subscriptions.rules.suspension import PLACEABLE
from subscriptions.services.standing import standings
from tests.actions.carry_out import carry_out, reactivate, suspend
from tests.people import Person
from tests.world import NOW, STATES, World


@pytest.mark.parametrize("seed", range(8))
def test_state_always_equals_what_follows_from_the_rows(world: World, owner: Person, seed: int) -> None:
    chance = random.Random(seed)
    customers = world.customers(3)
    for _ in range(6):
        world.subscription(chance.choice(list(STATES)), customer=chance.choice(customers))
    dates = all_dates(world)
    done: list[Outcome] = []
    for step in range(25):
        now = NOW + timedelta(minutes=step)
        with suppress(Refused):
            outcome = chance.choice(VERBS)(chance, world, owner, customers, done)
            if outcome is not None:
                done.append(outcome)
        if chance.random() < 0.5:
            world.drain(now=now)
        check(world, customers)
    world.drain(now=NOW + timedelta(days=1))
    check(world, customers)
    check_service(world)
    assert all_dates(world) == dates


def target(chance: random.Random, world: World, customers: list[UUID]) -> tuple[UUID, UUID | None]:
    customer = chance.choice(customers)
    with tenant(world.id):
        ids = list(Subscription.objects.filter(customer=customer).order_by("pk").values_list("pk", flat=True))
    return customer, chance.choice([None, None, *ids])


Step = Callable[[random.Random, World, Person, list[UUID], list[Outcome]], Outcome | None]


def suspending(chance: random.Random, world: World, owner: Person, customers: list[UUID], _: object) -> Outcome:
    return carry_out(suspend(*target(chance, world, customers), chance.choice(PLACEABLE)), owner)


def reactivating(chance: random.Random, world: World, owner: Person, customers: list[UUID], _: object) -> Outcome:
    kinds: list[HoldKind] = chance.sample(list(PLACEABLE), chance.randint(1, 3))
    return carry_out(reactivate(*target(chance, world, customers), *kinds, reason="settled"), owner)


def undoing(chance: random.Random, world: World, owner: Person, _: object, done: list[Outcome]) -> Outcome | None:
    if not done:
        return None
    with tenant(world.id):
        verb = Undo.of(chance.choice(done[-4:]).action_id, partner_id=world.id)
    return carry_out(verb, owner)


VERBS: list[Step] = [suspending, suspending, reactivating, undoing]


def check(world: World, customers: list[UUID]) -> None:
    """Access, standing and holds agree with each other."""
    with tenant(world.id):
        for row in Subscription.objects.all():
            kinds = kinds_on(row)
            lifecycle = Lifecycle(row.lifecycle)
            assert row.access == access_of(lifecycle, kinds, is_paused=pause_runs(row, NOW))
            assert row.is_suspended == counts_as_suspended(lifecycle, kinds)
    with tenant(world.id):
        true = standings(world.id, customers, now=NOW)
    for customer, standing in true.items():
        row_of = world.read_customer(customer)
        for name in standing.__dataclass_fields__:
            assert getattr(row_of, name) == getattr(standing, name), name


def kinds_on(row: Subscription) -> frozenset[HoldKind]:
    """The holds on the subscription itself and on its customer."""
    open_holds = Hold.objects.filter(customer=row.customer_id, released_at=None)
    found = open_holds.filter(Q(subscription=row.pk) | Q(subscription=None)).values_list("kind", flat=True)
    return frozenset(map(HoldKind, found))


def check_service(world: World) -> None:
    """Once everything is drained, each account is what its subscription says."""
    with tenant(world.id):
        for account in ServiceAccount.objects.select_related("subscription"):
            row = account.subscription
            kinds = kinds_on(row)
            wish = desired_state(Lifecycle(row.lifecycle), kinds, is_paused=pause_runs(row, NOW))
            assert account.desired == account.actual == wish
            assert account.due_at is None


def all_dates(world: World) -> list[tuple[object, ...]]:
    with tenant(world.id):
        terms = Term.objects.order_by("pk").values_list("pk", "number", "starts_at", "ends_at", "granted_days")
        rows = Subscription.objects.order_by("pk").values_list("pk", "anchor_on", "started_at", "ended_at")
        return [*terms, *rows]
