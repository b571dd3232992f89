"""The broker forgets every wake-up, or is dead for a while: pages are shown all the time, and nothing is lost."""

from __future__ import annotations

import time

import pytest
from celery import current_app
from django.urls import reverse
from kombu import Connection
from kombu.pools import producers

from partnerpanel.queues import wake
from tests.faults.celery_workers import Beat, celery_worker
from tests.faults.conftest import Survives
from tests.faults.gateways import Tried
from tests.faults.own_servers import OwnBroker, own_broker
from tests.faults.renewals import charged, due_renewals, progress
from tests.faults.size import DEAD_FOR, RENEWALS
from tests.faults.workers import wait_until
from tests.people import Person
from tests.world import World

SOLO = ("--pool", "solo")
EVERY_GATEWAY = True

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_broker_that_forgets_three_times_and_then_is_dead(
    world: World, gateway: Tried, owner: Person, survives: Survives, monkeypatch: pytest.MonkeyPatch
) -> None:
    due_renewals(world, gateway)
    with own_broker() as broker, celery_worker(broker.address, *SOLO):
        beat = Beat(broker.address)
        for share in (0.2, 0.6, 1.0):
            wait_until(lambda share=share: progress(world, gateway) >= share * RENEWALS, meanwhile=beat.wakes)  # type: ignore[misc]
            broker.forgets()
        assert charged(world, gateway) < RENEWALS, "it was in the middle"
        publish_to(broker, monkeypatch)
        with broker.dead():
            pages_are_shown(world, owner, seconds=DEAD_FOR)
        wait_until(lambda: charged(world, gateway) == RENEWALS, meanwhile=beat.wakes)
    survives(world, renewals=RENEWALS)


def publish_to(broker: OwnBroker, patch: pytest.MonkeyPatch) -> None:
    """The web wakes workers through this broker."""
    address = Connection(broker.address, transport_options=current_app.conf.broker_transport_options)
    patch.setattr(current_app.amqp, "_producer_pool", producers[address])
    patch.setattr(wake._Circuit, "closed_until", 0.0)


def pages_are_shown(world: World, owner: Person, *, seconds: float) -> None:
    """People read, and what they write is kept though nobody can be woken."""
    browser, until = owner.client(), time.monotonic() + seconds
    address = reverse("customers", args=[world.partner.slug])
    for number in range(1_000):
        name = f"Came while it was dead {number}"
        world.customer(name=name, email=f"dead{number}@eastwind.example")
        assert name in browser.get(address, {"q": name}).content.decode()
        if time.monotonic() > until:
            return
        time.sleep(0.2)
