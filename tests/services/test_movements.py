"""Movements of recurring revenue add up to what the panel says of it, whatever happened in whatever order."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from billing.gateway.sandbox.methods import BEHAVIOURS, facts_of
from billing.methods.services import add_method
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Movement, Subscription
from subscriptions.queries.movements import moved, recurring_by_movements
from subscriptions.queries.moving_in import terms_of
from subscriptions.queries.overview import monthly_recurring
from subscriptions.rules.moving_in import WaitingChange
from subscriptions.rules.states import Lifecycle
from subscriptions.services.moving_in import cut_over, update_waiting
from tests.world import NOW, STATES, World

pytestmark = pytest.mark.django_db
QUEUES = ("outbox", "provisioning", "subscriptions", "charges")
INTERVALS = (Interval(Unit.MONTH), Interval(Unit.YEAR), Interval(Unit.WEEK), Interval(Unit.MONTH, 3))


def check(world: World) -> None:
    with tenant(world.id):
        assert recurring_by_movements(world.id) == [money for money in monthly_recurring(world.id) if money]


def kinds(world: World) -> list[tuple[str, int]]:
    with tenant(world.id):
        return list(Movement.objects.order_by("occurred_at", "pk").values_list("kind", "amount"))


def at(world: World, now: datetime) -> None:
    world.now = now
    world.drain(*QUEUES)


def card(world: World, customer: UUID, ref: str) -> None:
    with tenant(world.id):
        add_method(customer, gateway="sandbox", ref=ref, facts=facts_of(ref), actor=world.system, now=world.now)


def imported_again(world: World, subscription: UUID, **changes: object) -> None:
    with tenant(world.id):
        row = Subscription.objects.get(pk=subscription)
        terms = replace(terms_of(row), **changes)  # type: ignore[arg-type]
        ended_at = world.now if terms.lifecycle is Lifecycle.ENDED else None
        change = WaitingChange(subscription, terms, ended_at)
        update_waiting([change], actor=world.system, now=world.now, action_id=uuid7())
    world.drain(*QUEUES)


def test_an_import_is_new_then_moves_up_down_and_away_and_comes_back(world: World) -> None:
    subscription = world.subscription("awaiting cut-over")
    world.drain(*QUEUES)
    imported_again(world, subscription, price_amount=4_000)
    imported_again(world, subscription, price_amount=1_000)
    imported_again(world, subscription, lifecycle=Lifecycle.ENDED)
    imported_again(world, subscription, lifecycle=Lifecycle.ACTIVE)
    found = [("new", 3_000), ("expansion", 1_000), ("contraction", -3_000), ("churn", -1_000), ("reactivation", 1_000)]
    assert kinds(world) == found
    check(world)
    with tenant(world.id):
        assert sum(one.amount.amount for one in moved(world.id, since=NOW, until=NOW + timedelta(days=1))) == 1_000


def test_an_import_in_another_currency_leaves_one_and_enters_the_other(world: World) -> None:
    subscription = world.subscription("awaiting cut-over")
    world.drain(*QUEUES)
    imported_again(world, subscription, currency="USD", price_amount=5_000)
    with tenant(world.id):
        assert {one.currency: one.amount for one in recurring_by_movements(world.id)} == {"USD": 5_000}
    check(world)


def test_the_cut_over_moves_nothing(world: World) -> None:
    world.subscription("awaiting cut-over")
    world.drain(*QUEUES)
    with tenant(world.id):
        cut_over(limit=10, actor=world.system, now=world.now, action_id=uuid7())
    world.drain(*QUEUES)
    assert kinds(world) == [("new", 3_000)]


def test_a_trial_counts_from_its_first_paid_period(world: World) -> None:
    customer = world.customer()
    card(world, customer, "sandbox_ok")
    world.subscription("trialing", customer=customer)
    at(world, NOW + timedelta(days=13))
    assert kinds(world) == []
    at(world, NOW + timedelta(days=15))
    assert kinds(world) == [("new", 3_000)]
    check(world)


def test_a_trial_that_is_cancelled_takes_nothing_away(world: World) -> None:
    world.subscription("trialing", cancel_at_period_end=True)
    at(world, NOW + timedelta(days=15))
    assert kinds(world) == []
    check(world)


def test_an_end_is_churn_and_a_repeated_event_is_written_once(world: World) -> None:
    world.subscription("cancelling")
    at(world, NOW + timedelta(days=40))
    assert kinds(world) == [("new", 3_000), ("churn", -3_000)]
    check(world)


@pytest.mark.parametrize("seed", range(6))
def test_movements_always_add_up_to_recurring_revenue(world: World, seed: int) -> None:
    chance = random.Random(seed)
    customers = world.customers(4)
    for customer in customers:
        if chance.random() < 0.8:
            card(world, customer, chance.choice(sorted(BEHAVIOURS)))
    waiting: list[UUID] = []
    for _ in range(14):
        at(world, world.now + timedelta(days=chance.choice((0, 2, 9))))
        plan = world.plan(price=chance.choice(("9.99", "30.00", "0.00")), interval=chance.choice(INTERVALS))
        state = chance.choice(["trialing", "awaiting cut-over", "cancelling", *STATES])
        made = world.subscription(
            state, customer=chance.choice(customers), plan_id=plan, quantity=chance.choice((1, 1, 3))
        )
        waiting += [made] if state == "awaiting cut-over" else []
        if waiting and chance.random() < 0.6:
            lifecycle = chance.choice((Lifecycle.ACTIVE, Lifecycle.ENDED))
            imported_again(world, chance.choice(waiting), lifecycle=lifecycle, quantity=chance.randint(1, 5))
        world.drain(*QUEUES)
        check(world)
    at(world, world.now + timedelta(days=60))
    check(world)
