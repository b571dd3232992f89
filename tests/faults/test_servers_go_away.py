"""The database is killed, and the broker forgets everything, in the middle of two hundred renewals."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import redis
from celery import Celery

from billing.models import PaymentAttempt, SandboxCharge
from partnerpanel.embedded.state import ROOT
from partnerpanel.queues.registry import queue_named
from partnerpanel.tenancy.scope import tenant
from tests.faults.oracle import Findings, examine
from tests.faults.own_servers import own_broker, own_postgres
from tests.faults.renewals import MONEY, RENEWALS, drain_money, due_renewals, let_leases_run_out, waiting
from tests.faults.test_killed_worker import databases_of_the_test, start_worker
from tests.people import make_team
from tests.world import World

NOTHING = Findings([], [], [], [], [])
PATIENCE = 60.0

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def intents(world: World) -> int:
    with tenant(world.id):
        return PaymentAttempt.objects.count()


def charged(world: World) -> int:
    with tenant(world.id):
        return SandboxCharge.objects.filter(status="succeeded").count()


def wait_until(is_time: Callable[[], bool], *, meanwhile: Callable[[], None] = lambda: None) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_time():
        assert time.monotonic() < deadline, "it did not come to that"
        meanwhile()
        time.sleep(0.01)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_database_that_is_killed_and_recovers_loses_nothing_and_charges_nothing_twice() -> None:
    with own_postgres() as server:
        world = World(make_team("eastwind").partner)
        due_renewals(world)
        kills: list[tuple[str, Callable[[World], int], int]] = [
            ("subscriptions", intents, 50),
            ("subscriptions", intents, 120),
            ("charges", charged, 30),
            ("charges", charged, 90),
        ]
        for queue, count, share in kills:
            worker = start_worker(queue, world)
            wait_until(lambda count=count, share=share: count(world) >= share)  # type: ignore[misc]
            server.killed()
            worker.wait(30)
            server.comes_back()
            assert share <= count(world) < RENEWALS, "it was killed in the middle, and kept what it had confirmed"
            let_leases_run_out(world)
        drain_money(world)
        assert examine(world, term_number=2) == NOTHING
        assert charged(world) == RENEWALS


def test_a_broker_that_forgets_every_wake_up_loses_nothing(world: World) -> None:
    due_renewals(world)
    with own_broker() as (address, _), redis.Redis.from_url(address) as broker, celery_worker(address):
        beat = Beat(address)
        beat.wakes()
        for share in (20, 80, 150):
            wait_until(lambda share=share: intents(world) + charged(world) >= 2 * share, meanwhile=beat.wakes)  # type: ignore[misc]
            assert charged(world) < RENEWALS, "it was in the middle"
            broker.flushall()
        wait_until(lambda: charged(world) == RENEWALS and not waiting(world), meanwhile=beat.wakes)
    assert examine(world, term_number=2) == NOTHING


class Beat:
    """Looks for what is due a few times a second."""

    def __init__(self, address: str) -> None:
        self.app = Celery("beat", broker=address)
        self.next_at = 0.0

    def wakes(self) -> None:
        if time.monotonic() < self.next_at:
            return
        self.next_at = time.monotonic() + 0.3
        for name in MONEY:
            self.app.send_task(
                "partnerpanel.queues.tasks.sweep", kwargs={"queue": queue_named(name).name}, queue="default"
            )


@contextmanager
def celery_worker(address: str) -> Iterator[None]:
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.celery_worker"],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "partnerpanel.settings.test",
            "TEST_DATABASES": databases_of_the_test(),
            "CELERY_BROKER_URL": address,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        worker.kill()
        worker.wait(10)
