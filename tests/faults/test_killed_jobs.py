"""A worker is killed, as by a machine that goes away, in the middle of a job of 400: each row is done once."""

from __future__ import annotations

import signal
from collections import Counter
from datetime import timedelta

import pytest

from partnerpanel.actions.bulk import control
from partnerpanel.actions.bulk.queries import job as job_of
from partnerpanel.actions.bulk.queries import results
from partnerpanel.actions.extend import Extend
from partnerpanel.actions.suspend import Suspend
from partnerpanel.events.models import Event
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.tasks import drain_partner
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Hold, ServiceAccount, Term
from subscriptions.rules.states import HoldKind
from tests.faults.workers import Nursery, wait_until
from tests.people import Person
from tests.world import NOW, World

ROWS = 400

pytestmark = pytest.mark.slow


@pytest.mark.django_db(transaction=True)
def test_a_bulk_job_survives_workers_that_are_killed(world: World, owner: Person, nursery: Nursery) -> None:
    customers = world.customers(ROWS)
    world.subscriptions(customers, with_service=False)
    job = control.start(Suspend((), HoldKind.MANUAL, "all of you"), customers, actor=owner.actor, now=NOW)
    drain_partner("bulk", world.id, seconds=30)
    control.confirm(job, typed=str(ROWS), actor=owner.actor, now=NOW)

    def done() -> int:
        with tenant(world.id):
            return job_of(world.id, job).done

    for share in (ROWS // 5, ROWS // 2):
        worker = nursery.work(world, "bulk")
        wait_until(lambda share=share: done() >= share)  # type: ignore[misc]
        assert worker.killed() == -signal.SIGKILL, "it was killed before it was done"
        assert share <= done() < ROWS
    drain_partner("bulk", world.id, seconds=60)
    with tenant(world.id):
        row = job_of(world.id, job)
        assert (row.state, row.done, row.planned, row.failed, row.skipped) == ("done", ROWS, 0, 0, 0)
        assert Counter(line.state for line in results(world.id, job)) == {"done": ROWS}
        told = Counter(Event.objects.filter(kind="customer.suspended").values_list("object_id", flat=True))
        assert told == dict.fromkeys(customers, 1)
        held = Counter(Hold.objects.filter(released_at=None).values_list("customer_id", flat=True))
        assert held == dict.fromkeys(customers, 1)


@pytest.mark.django_db(transaction=True)
def test_a_job_that_moves_dates_survives_workers_that_are_killed(world: World, owner: Person, nursery: Nursery) -> None:
    customers = world.customers(ROWS)
    # Workers read the true clock.
    begun = system_now() - timedelta(days=5)
    subscriptions = world.subscriptions(customers, with_service=False, started_at=begun, paid_elsewhere=True)
    job = control.start(Extend((), "an outage of ours", days=10), customers, actor=owner.actor, now=NOW)
    drain_partner("bulk", world.id, seconds=60)
    control.confirm(job, typed=str(ROWS), actor=owner.actor, now=NOW)

    def done() -> int:
        with tenant(world.id):
            return job_of(world.id, job).done

    for share in (ROWS // 5, 2 * ROWS // 5):
        worker = nursery.work(world, "bulk")
        wait_until(lambda share=share: done() >= share)  # type: ignore[misc]
        assert worker.killed() == -signal.SIGKILL, "it was killed before it was done"
        assert share <= done() < ROWS
    drain_partner("bulk", world.id, seconds=120)
    with tenant(world.id):
        row = job_of(world.id, job)
        assert (row.state, row.done, row.planned, row.failed, row.skipped) == ("done", ROWS, 0, 0, 0)
        told = Counter(Event.objects.filter(kind="subscription.extended").values_list("object_id", flat=True))
        assert told == dict.fromkeys(subscriptions, 1)
        assert set(Term.objects.values_list("granted_days", flat=True)) == {10}


@pytest.mark.django_db(transaction=True)
def test_accounts_that_a_killed_worker_had_leased_are_made_by_the_next(world: World, nursery: Nursery) -> None:
    world.subscriptions(world.customers(ROWS))

    def made() -> int:
        with tenant(world.id):
            return ServiceAccount.objects.filter(actual="enabled").count()

    worker = nursery.work(world, "provisioning")
    wait_until(lambda: made() > 0)
    assert worker.killed() == -signal.SIGKILL
    assert 0 < made() < ROWS
    with tenant(world.id):  # the leases run out
        ServiceAccount.objects.filter(leased_until__isnull=False).update(leased_until=NOW)
    drain_partner("provisioning", world.id, seconds=60)
    with tenant(world.id):
        assert set(ServiceAccount.objects.values_list("actual", "version", "due_at")) == {("enabled", 1, None)}
