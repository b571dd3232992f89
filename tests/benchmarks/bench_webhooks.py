"""Messages to many receivers while one is slow: how long the others wait."""

from __future__ import annotations

import time

import pytest
from pytest_django import Settings

from notifications.webhooks.worker import SENDERS
from partnerpanel.actions import webhooks
from partnerpanel.queues.tasks import drain_partner
from partnerpanel.tenancy.actor import Actor
from tests.benchmarks.figures import Book, Figure, percentile
from tests.people import make_partner
from tests.webhooks.receiver import receiving
from tests.world import World

SLOW, MESSAGES, MOST, PATIENCE = 10.0, 300, 5, 120


@pytest.fixture(autouse=True)
def loopback(settings: Settings) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = True


def test_webhooks_beside_a_slow_receiver(book: Book) -> None:
    first, second = (World(make_partner(f"webhooks-{name}")) for name in ("slow", "quick"))
    with receiving() as slow, receiving() as quick:
        slow.delay = SLOW
        for world, receiver in ((first, slow), (second, quick)):
            webhooks.create_endpoint(url=receiver.url, kinds=["customer.created"], actor=Actor.system(world.id))
            world.customers(MESSAGES)
            world.drain("outbox")
        began = time.monotonic()
        while len(quick.requests) < MESSAGES and time.monotonic() - began < PATIENCE:
            for world in (first, second):
                drain_partner("webhooks", world.id, seconds=1)
            time.sleep(0.01)
        waits = [request.at - began for request in quick.requests]
        slow.delay = 0.0
        assert len(waits) >= MESSAGES
        assert SENDERS.wait(seconds=60)
    book.note(
        Figure(f"webhooks: {MESSAGES} messages beside a receiver of {SLOW:g} s, median", percentile(waits, 50), "s"),
        Figure("webhooks: the same, p95", percentile(waits, 95), "s", MOST),
    )
