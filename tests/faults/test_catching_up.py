"""After an outage a gateway is caught up with at a bounded rate, whoever and however many work, and fairly."""

from __future__ import annotations

import time
from collections import deque
from datetime import timedelta
from uuid import UUID

import pytest
from pytest_django import Settings

from billing.gateway.models import GatewayPace
from billing.gateway.pace import AHEAD, room, take_places
from billing.models import PaymentAttempt
from partnerpanel.embedded.stripe.server import Double
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues import wake
from partnerpanel.queues.tasks import drain, sweep
from partnerpanel.tenancy.scope import tenant
from tests.billing.gateway.stripe_worlds import KEY, OTHER_KEY, double
from tests.faults.gateways import STRIPE, Tried
from tests.faults.renewals import due_renewals
from tests.faults.workers import Nursery
from tests.threads import in_threads
from tests.world import World

__all__ = ["double"]

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

A_SECOND = 25
CONNECTED = Tried(**{**STRIPE.__dict__, "connect": lambda _: None})


def backlog(world: World, many: int) -> None:
    """So many charges that are due, of customers whom Stripe knows."""
    due_renewals(world, CONNECTED, many)
    world.drain("subscriptions", now=world.now)


def most_in_a_second(at: list[float]) -> int:
    at = sorted(at)
    return max(sum(first <= other < first + 1 for other in at[n:]) for n, first in enumerate(at))


def earliest(at: list[float]) -> float:
    """By how many seconds a charge arrived before its place, had all been begun in the places after the first."""
    at = sorted(at)
    return max((m - n) / A_SECOND - (at[m] - at[n]) for n in range(len(at)) for m in range(n, len(at)))


def statuses(world: World) -> list[str]:
    with tenant(world.id):
        return list(PaymentAttempt.objects.for_partner(world.id).values_list("status", flat=True))


def test_three_workers_together_begin_no_more_than_one_may(world: World, double: Double, nursery: Nursery) -> None:
    backlog(world, 90)
    # Chunks so small that each finds its own.
    workers = [nursery.work(world, "charges", chunk=24, rounds=4, charges_a_second=A_SECOND) for _ in range(3)]
    assert [worker.ended() for worker in workers] == [0, 0, 0]
    while "intent" in statuses(world):
        nursery.work(world, "charges", chunk=250, charges_a_second=A_SECOND).ended()
    assert set(statuses(world)) == {"succeeded"}
    assert len(double.charged_at) == 90
    # What is begun on time arrives later where the machine is busy, and then seems close to what comes after it.
    assert earliest(double.charged_at) < 0.5
    assert max(double.charged_at) - min(double.charged_at) > 89 / A_SECOND * 0.95


def test_places_that_are_taken_at_once_are_different_ones(world: World) -> None:
    def take() -> list[float]:
        asked = time.monotonic()
        places = take_places(world.id, "stripe", wanted=10, a_second=A_SECOND, within=timedelta(seconds=8))
        return [asked + (places.after + n * places.apart).total_seconds() for n in range(places.many)]

    taken = sorted(at for some in in_threads(*[take] * 6) for at in some)
    assert len(taken) == 60
    assert taken[-1] - taken[0] > 59 / A_SECOND * 0.9
    assert most_in_a_second(taken) <= A_SECOND * 1.2


def test_no_more_places_are_given_than_there_is_time_for(world: World) -> None:
    within = timedelta(seconds=2)
    places = take_places(world.id, "stripe", wanted=1_000, a_second=A_SECOND, within=within)
    assert places.many == A_SECOND * 2 + 1
    none = take_places(world.id, "stripe", wanted=1, a_second=A_SECOND, within=within)
    assert none.many == 0
    assert timedelta(seconds=1.5) < none.after <= timedelta(seconds=2.1)


def test_a_clock_that_is_put_back_leaves_no_places_taken(world: World) -> None:
    take_places(world.id, "stripe", wanted=1, a_second=A_SECOND, within=AHEAD)
    with tenant(world.id):
        GatewayPace.objects.for_partner(world.id).update(taken_until=system_now() + timedelta(hours=1))
        assert room(world.id, "stripe", a_second=A_SECOND) == A_SECOND * 2
    assert take_places(world.id, "stripe", wanted=1, a_second=A_SECOND, within=AHEAD).after == timedelta(0)


def test_the_pace_of_one_partner_is_no_other_partners(world: World, other_world: World) -> None:
    take_places(world.id, "stripe", wanted=40, a_second=A_SECOND, within=AHEAD)
    with tenant(world.id):
        assert room(world.id, "stripe", a_second=A_SECOND) == 0
    with tenant(other_world.id):
        assert room(other_world.id, "stripe", a_second=A_SECOND) == A_SECOND * 2


def test_what_another_worker_has_no_room_for_is_left_as_it_is(world: World, double: Double, settings: Settings) -> None:
    settings.STRIPE_CHARGES_A_SECOND = A_SECOND
    backlog(world, 5)
    take_places(world.id, "stripe", wanted=40, a_second=A_SECOND, within=AHEAD)
    assert world.drain("charges", now=world.now) == 0
    with tenant(world.id):
        rows = PaymentAttempt.objects.for_partner(world.id)
        assert set(rows.values_list("attempts", "leased_until", "first_asked_at")) == {(0, None, None)}
    assert not double.charged_at


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> deque[UUID]:
    """Partners with charges to be worked on by the only worker, in the order in which it was told."""
    told: deque[UUID] = deque()

    def publish(queue: str, partner_id: UUID) -> None:
        if queue == "charges":
            told.append(partner_id)

    monkeypatch.setattr(wake, "publish", publish)
    return told


def test_a_partner_with_few_charges_does_not_wait_for_one_with_many(
    world: World, other_world: World, double: Double, broker: deque[UUID], settings: Settings
) -> None:
    """Whoever was told of first: a turn is short, and what is left of it stands behind the others."""
    backlog(world, 220)
    backlog(other_world, 3)
    broker.clear()
    settings.STRIPE_CHARGES_A_SECOND = A_SECOND
    broker.extend([world.id, other_world.id])
    began = time.monotonic()
    while "intent" in statuses(other_world):
        drain(queue="charges", partner_id=str(broker.popleft()))
    waited = time.monotonic() - began
    mine = list(double.accounts[KEY].of("payment_intent"))
    assert len(list(double.accounts[OTHER_KEY].of("payment_intent"))) == 3
    assert waited < 6, "a turn of the other one and one of its own"
    assert 50 <= len(mine) <= 150
    assert list(broker) == [world.id], "what is left has its next turn"
    sweep(queue="charges")
    assert set(broker) == {world.id}
