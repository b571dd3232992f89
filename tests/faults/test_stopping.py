"""A worker is asked to stop in the middle of its work: it finishes what is in its hands and gives the rest back."""

from __future__ import annotations

import pytest

from billing.models import PaymentAttempt
from partnerpanel.tenancy.scope import tenant
from tests.faults.celery_workers import Beat, celery_worker
from tests.faults.conftest import Survives
from tests.faults.gateways import Tried
from tests.faults.own_servers import own_broker
from tests.faults.renewals import charged, due_renewals
from tests.faults.size import RENEWALS
from tests.faults.workers import wait_until
from tests.world import World

# As production runs it.
PREFORK = ("--pool", "prefork", "--concurrency", "2")
EVERY_GATEWAY = True

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_worker_that_is_asked_to_stop_finishes_in_time_and_loses_nothing(
    world: World, gateway: Tried, survives: Survives
) -> None:
    due_renewals(world, gateway)
    with own_broker() as broker:
        beat = Beat(broker.address)
        with gateway.failing("latency_ms=200"), celery_worker(broker.address, *PREFORK) as worker:
            wait_until(lambda: charged(world, gateway) > 0, meanwhile=beat.wakes)
            assert worker.asked_to_stop() == 0
        assert 0 < charged(world, gateway) < RENEWALS, "it was in the middle"
        with tenant(world.id):
            leased = PaymentAttempt.objects.for_partner(world.id).filter(leased_until__isnull=False)
            assert not leased.exists(), "nothing has to wait for the end of a lease"
    survives(world, renewals=RENEWALS)
