"""Due work: leased, woken without ever being in the way, and taken once by two workers at a time."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
import time_machine
from celery import current_app
from django.db import transaction
from kombu import Connection
from kombu.pools import producers

from partnerpanel.events import consumers
from partnerpanel.events.consumers import Consumer
from partnerpanel.events.models import Event
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues import tasks
from partnerpanel.queues import wake as wakes
from partnerpanel.queues.registry import all_queues
from partnerpanel.queues.rows import Batch, due
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import ServiceAccount
from tests.events.test_outbox import happen
from tests.threads import in_threads
from tests.world import NOW, World


def test_leased_rows_come_back_when_the_lease_is_over(world: World) -> None:
    world.subscriptions(world.customers(3))
    with tenant(world.id):
        rows = ServiceAccount.objects.for_partner(world.id)
        taken = Batch(lambda: rows, limit=2).lease(world.id, NOW, seconds=60)
        assert [row.attempts for row in taken] == [1, 1]
        assert due(rows, partner_id=world.id, now=NOW).count() == 1
        with time_machine.travel(system_now() + timedelta(seconds=61)):
            assert due(rows, partner_id=world.id, now=NOW).count() == 3
            again = Batch(lambda: rows, limit=3).lease(world.id, NOW, seconds=60)
            assert sorted(row.attempts for row in again) == [1, 2, 2]


@pytest.fixture
def circuit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wakes._Circuit, "closed_until", 0.0)


@pytest.fixture
def dead_broker(monkeypatch: pytest.MonkeyPatch, circuit: None) -> list[float]:
    """Celery pointed at a port where nobody listens; gives the instants of attempts to publish."""
    tried: list[float] = []
    send = current_app.send_task

    def counting(*args: object, **options: object) -> object:
        tried.append(time.monotonic())
        return send(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(current_app, "send_task", counting)
    nowhere = Connection("redis://127.0.0.1:9/0", transport_options=current_app.conf.broker_transport_options)
    monkeypatch.setattr(current_app.amqp, "_producer_pool", producers[nowhere])
    return tried


def test_a_dead_broker_costs_one_attempt_and_no_error(dead_broker: list[float], world: World) -> None:
    started = time.monotonic()
    for _ in range(50):
        wakes.publish("outbox", world.id)
    assert len(dead_broker) == 1
    assert time.monotonic() - started < 4


@pytest.mark.django_db(transaction=True)
def test_work_is_committed_though_the_broker_is_dead(dead_broker: list[float], world: World) -> None:
    world.subscription()
    assert len(dead_broker) <= 1
    assert world.drain() > 0


def test_after_a_while_the_broker_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch, circuit: None) -> None:
    tried = []

    def failing(*args: object, **options: object) -> None:
        tried.append(args)
        raise OSError("nobody there")

    monkeypatch.setattr(current_app, "send_task", failing)
    wakes.publish("outbox", world.id)
    wakes.publish("outbox", world.id)
    assert len(tried) == 1
    monkeypatch.setattr(wakes._Circuit, "closed_until", time.monotonic() - 1)
    wakes.publish("outbox", world.id)
    assert len(tried) == 2


@pytest.mark.django_db(transaction=True)
def test_nobody_is_woken_before_the_commit(world: World, monkeypatch: pytest.MonkeyPatch, circuit: None) -> None:
    sent: list[object] = []
    monkeypatch.setattr(current_app, "send_task", lambda *_, **options: sent.append(options["kwargs"]))
    with tenant(world.id):
        wakes.wake("outbox", world.id)
        assert sent == []
    assert sent == [{"queue": "outbox", "partner_id": str(world.id)}]
    with suppress(ZeroDivisionError), tenant(world.id):
        wakes.wake("outbox", world.id)
        _ = 1 / 0
    assert len(sent) == 1


@pytest.mark.django_db(transaction=True)
def test_the_sweep_finds_what_a_lost_wake_up_left(
    world: World, other_world: World, monkeypatch: pytest.MonkeyPatch, circuit: None
) -> None:
    sent: list[object] = []
    monkeypatch.setattr(current_app, "send_task", lambda *_, **options: sent.append(options["kwargs"]))
    world.subscription()
    sent.clear()
    assert tasks.sweep(queue="provisioning") == 1
    assert sent == [{"queue": "provisioning", "partner_id": str(world.id)}]
    tasks.drain(queue="provisioning", partner_id=str(world.id))
    assert tasks.sweep(queue="provisioning") == 0


def test_every_queue_is_swept_and_every_sweep_has_a_queue() -> None:
    from partnerpanel.celery import SWEEP_SECONDS

    assert set(SWEEP_SECONDS) == {queue.name for queue in all_queues()}


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_take_each_row_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[UUID] = []

    def slowly(events: Sequence[Event], now: datetime) -> None:
        time.sleep(0.05)
        heard.extend(event.object_id for event in events)

    consumer = Consumer("listener", frozenset({"thing.made"}), slowly, lambda _: [])
    monkeypatch.setitem(consumers._consumers, "listener", consumer)
    monkeypatch.setattr("partnerpanel.events.outbox.BATCH", 10)
    ids = happen(world, 100)
    drain = partial(world.drain, "outbox")
    assert sum(in_threads(drain, drain, drain)) == 100
    assert Counter(heard) == Counter(ids)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_each_account_once(world: World) -> None:
    world.subscriptions(world.customers(50))
    drain = partial(world.drain, "provisioning")
    assert sum(in_threads(drain, drain)) == 50
    with tenant(world.id):
        assert set(ServiceAccount.objects.values_list("actual", "version", "attempts")) == {("enabled", 1, 0)}


@pytest.mark.django_db(transaction=True)
def test_waking_outside_any_transaction_is_waking_now(
    world: World, monkeypatch: pytest.MonkeyPatch, circuit: None
) -> None:
    sent: list[object] = []
    monkeypatch.setattr(current_app, "send_task", lambda *_, **options: sent.append(options["queue"]))
    assert not transaction.get_connection().in_atomic_block
    wakes.wake("bulk", world.id)
    assert sent == ["bulk"]
