"""Every event reaches each of its consumers, once, whatever fails on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from partnerpanel.events import consumers
from partnerpanel.events.consumers import Consumer
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event, Outbox
from partnerpanel.events.queries import undelivered
from partnerpanel.events.services import record
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.scope import tenant
from subscriptions.provisioning import consumer as provisioning
from tests.actions.carry_out import carry_out, everything, suspend
from tests.people import Person
from tests.world import NOW, World


class Listener:
    """Keeps what it was told, and fails for objects named in `poison`."""

    def __init__(self) -> None:
        self.heard: list[UUID] = []
        self.poison: set[UUID] = set()

    def handle(self, events: Sequence[Event], now: datetime) -> None:
        for event in events:
            if event.object_id in self.poison:
                raise ValueError("cannot take this one")
        self.heard += [event.object_id for event in events]


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Listener:
    found = Listener()
    consumer = Consumer("listener", frozenset({"thing.made"}), found.handle, lambda _: [])
    monkeypatch.setitem(consumers._consumers, "listener", consumer)
    return found


def happen(world: World, many: int) -> list[UUID]:
    ids = [uuid7() for _ in range(many)]
    with tenant(world.id):
        drafts = [EventDraft("thing.made", "thing", id_, 1) for id_ in ids]
        record(drafts, actor=world.system, action_id=uuid7(), now=NOW)
    return ids


def rows_of(world: World) -> dict[UUID, Outbox]:
    with tenant(world.id):
        return {row.event.object_id: row for row in Outbox.objects.for_partner(world.id).select_related("event")}


def test_what_was_delivered_is_gone(world: World, listener: Listener) -> None:
    ids = happen(world, 3)
    assert world.drain("outbox") == 3
    assert sorted(listener.heard) == sorted(ids)
    with tenant(world.id):
        assert undelivered(world.id) == 0


def test_nothing_is_delivered_before_its_time(world: World, listener: Listener) -> None:
    happen(world, 1)
    assert world.drain("outbox", now=NOW - timedelta(seconds=1)) == 0


def test_one_that_fails_is_tried_again_and_parked_while_the_others_flow(world: World, listener: Listener) -> None:
    bad, *good = happen(world, 5)
    listener.poison = {bad}
    world.drain("outbox")
    assert sorted(listener.heard) == sorted(good)
    now = NOW
    for attempt, minutes in enumerate((1, 5, 15, 60), start=1):
        row = rows_of(world)[bad]
        assert (row.attempts, row.due_at, row.parked_at) == (attempt, now + timedelta(minutes=minutes), None)
        assert row.last_error == "ValueError: cannot take this one"
        assert row.due_at is not None
        assert world.drain("outbox", now=row.due_at - timedelta(seconds=1)) == 0
        now = row.due_at
        later = happen(world, 1)
        world.drain("outbox", now=now)
        assert listener.heard[-1:] == later
    row = rows_of(world)[bad]
    assert (row.attempts, row.parked_at) == (5, now)
    assert world.drain("outbox", now=now + timedelta(days=30)) == 0


def test_one_that_recovers_is_delivered(world: World, listener: Listener) -> None:
    (bad,) = happen(world, 1)
    listener.poison = {bad}
    world.drain("outbox")
    listener.poison = set()
    world.drain("outbox", now=NOW + timedelta(minutes=1))
    assert listener.heard == [bad]
    assert rows_of(world) == {}


def test_a_consumer_that_is_gone_parks_its_rows_and_no_others(
    world: World, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Listener()
    consumer = Consumer("other", frozenset({"thing.made"}), other.handle, lambda _: [])
    monkeypatch.setitem(consumers._consumers, "other", consumer)
    ids = happen(world, 2)
    monkeypatch.delitem(consumers._consumers, "other")
    world.drain("outbox")
    assert sorted(listener.heard) == sorted(ids)
    assert {row.last_error for row in rows_of(world).values()} == {"KeyError: 'other'"}


def test_an_event_delivered_twice_changes_nothing(world: World, owner: Person) -> None:
    customer = world.read_subscription(world.subscription()).customer_id
    world.drain()
    carry_out(suspend(customer), owner)
    world.drain()
    with tenant(world.id):
        events = list(Event.objects.for_partner(world.id).filter(kind__in=provisioning.KINDS))
        assert events
    before = everything(world)
    for consumer in consumers._consumers.values():
        with tenant(world.id):
            heard = [event for event in Event.objects.for_partner(world.id) if event.kind in consumer.kinds]
            if heard:
                consumer.handle(heard, NOW)
                consumer.handle(heard[::-1], NOW)
    assert everything(world) == before
