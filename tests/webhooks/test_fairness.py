"""A slow receiver keeps nobody waiting but itself, and a test mode’s receivers live in the present."""

from __future__ import annotations

import time
from datetime import timedelta
from threading import Event as Signal

import pytest

from notifications.webhooks import claiming
from notifications.webhooks.rules.states import DeliveryState
from notifications.webhooks.sending import Senders
from notifications.webhooks.worker import SENDERS, drain_webhooks
from partnerpanel.actions import webhooks
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.advance import advance
from partnerpanel.queues.dues import waiting
from partnerpanel.queues.functions import due_partners
from partnerpanel.queues.tasks import drain_partner
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.services import create_twin
from tests.people import Person
from tests.webhooks.conftest import Hook, Post
from tests.webhooks.receiver import receiving
from tests.world import NOW, World

SLOW = 2.0


def test_one_slow_receiver_delays_no_other_partner_and_no_other_endpoint(
    world: World, hook: Hook, owner: Person, stranger: Person
) -> None:
    """Each of the slow one’s answers takes two seconds; all of the others are there in the time of the first."""
    hook.receiver.delay = SLOW
    other = World(stranger.partner)
    with receiving() as beside, receiving() as elsewhere:
        webhooks.create_endpoint(url=beside.url, actor=owner.actor)
        webhooks.create_endpoint(url=elsewhere.url, kinds=["customer.created"], actor=stranger.actor)
        world.customers(20)
        world.drain("outbox")
        other.customers(20)
        other.drain("outbox")
        began = time.monotonic()
        # As one worker: the slow one’s partner first, then the other, each woken again as its answers come.
        while len(elsewhere.requests) < 20 or len(beside.requests) < 20:
            drain_partner("webhooks", world.id, seconds=1)
            drain_partner("webhooks", other.id, seconds=1)
            assert time.monotonic() - began < 30
            time.sleep(0.01)
        taken = sorted(request.at - began for request in [*elsewhere.requests, *beside.requests])
        assert taken[int(len(taken) * 0.95) - 1] < SLOW
        assert len(hook.receiver.requests) <= 2 * claiming.PER_ENDPOINT
        assert SENDERS.wait(seconds=30)


def test_an_endpoint_that_fails_is_asked_one_thing_at_a_time(world: World, hook: Hook, post: Post) -> None:
    hook.receiver.says(500)
    world.customers(10)
    world.drain("outbox")
    assert drain_webhooks(world.id, NOW) == claiming.PER_ENDPOINT
    assert SENDERS.wait(seconds=30)
    assert drain_webhooks(world.id, NOW) == claiming.PER_FAILING


def test_a_worker_that_is_full_takes_nothing_that_it_cannot_send(world: World, hook: Hook) -> None:
    full: Senders[bool] = Senders(threads=1)
    go_on = Signal()
    full.send(lambda: go_on.wait(10), lambda _: None)
    assert full.room(seconds=0.01) == 0
    world.customers(3)
    world.drain("outbox")
    assert claiming.claim(world.id, room=full.room(seconds=0.01)) == []
    go_on.set()
    assert full.room(seconds=10) == 1
    assert full.wait(seconds=10)


def test_what_cannot_be_settled_does_not_end_the_thread_that_settles() -> None:
    senders: Senders[int] = Senders(threads=2)
    settled: list[int] = []

    def settle(number: int) -> None:
        if number == 0:
            raise ValueError("broken")
        settled.append(number)

    for number in range(5):
        senders.send(lambda number=number: number, settle)  # type: ignore[misc]
    assert senders.wait(seconds=10)
    assert sorted(settled) == [1, 2, 3, 4]


def test_workers_send_for_a_test_mode_by_the_systems_clock(owner: Person) -> None:
    """Its clock stands in the past of ours; moving it sends nothing by itself, and counts no retry as due."""
    twin = World(create_twin(owner.partner, now=NOW))
    actor = Actor(ActorKind.USER, twin.id, owner.user.pk, owner.role)
    post = Post(twin.id)
    with receiving() as receiver:
        made = webhooks.create_endpoint(url=receiver.url, kinds=["customer.created"], actor=actor)
        receiver.says(500, 200)
        twin.customer()
        twin.drain("outbox")
        assert twin.id in due_partners("webhooks", now=system_now())
        assert all(queue.name != "webhooks" for queue, _at in waiting(twin.id, NOW + timedelta(days=400)).later)
        assert all(queue.name != "webhooks" for queue in waiting(twin.id, NOW + timedelta(days=400)).ready)
        advance(twin.id, to=NOW + timedelta(days=400))
        assert receiver.requests == []
        post.send()
        told = receiver.last.verified(made.secret)
        assert (told["data"]["mode"], told["timestamp"]) == ("test", "2026-03-15T11:00:00Z")
        [delivery] = post.deliveries()
        assert 4 <= post.wait_of(delivery) <= 6
        post.pass_time(timedelta(seconds=6))
        post.send()
        assert [row.state for row in post.deliveries()] == [DeliveryState.SUCCEEDED]
    assert twin.id not in due_partners("outbox", now=system_now())


def test_a_workers_wake_up_for_webhooks_goes_out_while_a_clock_is_moved(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = World(create_twin(owner.partner, now=NOW))
    actor = Actor(ActorKind.USER, twin.id, owner.user.pk, owner.role)
    woken: list[str] = []
    monkeypatch.setattr("partnerpanel.queues.wake.publish", lambda queue, _partner: woken.append(queue))
    with receiving() as receiver:
        webhooks.create_endpoint(url=receiver.url, actor=actor)
        twin.customer()
        woken.clear()
        advance(twin.id, to=NOW + timedelta(days=1))
    assert set(woken) == {"webhooks"}
