"""Suspending 10,000 customers as one job, and again with its worker killed half-way."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, connections
from django.db.models import Max, Min

from customers.models import Customer
from partnerpanel.actions.bulk import control
from partnerpanel.actions.bulk.states import JobState, RowState
from partnerpanel.actions.models import BulkJob, BulkRow
from partnerpanel.actions.suspend import Suspend
from partnerpanel.embedded.state import ROOT
from partnerpanel.events.models import Event, Outbox
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.registry import queue_named
from partnerpanel.tenancy.database import OWNER
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Hold, Subscription
from subscriptions.rules.states import Access, HoldKind
from tests.benchmarks.crowd import Crowd
from tests.benchmarks.figures import Book, Figure, seconds

MANY, BOUND = 10_000, 20
BARE = Path(__file__).with_name("suspend_in_bulk.sql")
REASON = "The terms of use were broken."


def test_suspending_ten_thousand(crowd: Crowd, book: Book) -> None:
    job = started(crowd, some_customers(crowd, 0))
    preview = seconds(partial(drain, crowd, "bulk"))
    confirmed(crowd, job)
    run = seconds(partial(drain, crowd, "bulk"))
    each_exactly_once(crowd, job)
    follows = seconds(partial(drain, crowd, "outbox"))
    bare = seconds(partial(bare_suspension, crowd, some_customers(crowd, MANY)))
    book.note(
        Figure("suspend 10,000: the preview", preview, "s"),
        Figure("suspend 10,000: what follows, handed to mail and service", follows, "s"),
        Figure("suspend 10,000: the confirmed job", run, "s", BOUND, bare),
    )


def test_a_killed_worker_leaves_each_customer_suspended_once(crowd: Crowd, book: Book) -> None:
    job = started(crowd, some_customers(crowd, 2 * MANY))
    drain(crowd, "bulk")
    confirmed(crowd, job)
    done = killed_half_way(crowd, job)
    assert 0 < done < MANY
    rest = seconds(partial(finish, crowd, job))
    each_exactly_once(crowd, job)
    book.note(Figure(f"suspend 10,000: the rest, after a kill at {done:,}", rest, "s", BOUND))


def some_customers(crowd: Crowd, start: int) -> list[UUID]:
    """Customers who can be suspended, in the order of their names."""
    with tenant(crowd.id):
        rows = Customer.objects.for_partner(crowd.id).filter(is_active=True, is_suspended=False, version=1)
        return list(rows.order_by("external_id").values_list("pk", flat=True)[start : start + MANY])


def started(crowd: Crowd, customers: list[UUID]) -> UUID:
    assert len(customers) == MANY
    verb = Suspend((), HoldKind.MANUAL, REASON)
    return control.start(verb, customers, actor=crowd.owner.actor, now=system_now())


def confirmed(crowd: Crowd, job: UUID) -> None:
    control.confirm(job, typed=str(MANY), actor=crowd.owner.actor, now=system_now())


def drain(crowd: Crowd, queue: str) -> None:
    while queue_named(queue).drain(crowd.id, system_now()):
        pass


def finish(crowd: Crowd, job: UUID) -> None:
    """As the sweep would: looks again until the server has let go of the killed worker's locks."""
    while read(crowd, job).state != JobState.DONE:
        drain(crowd, "bulk")
        time.sleep(0.01)


def read(crowd: Crowd, job: UUID) -> BulkJob:
    with tenant(crowd.id):
        return BulkJob.objects.for_partner(crowd.id).get(pk=job)


def killed_half_way(crowd: Crowd, job: UUID) -> int:
    """Lets another process work, kills it when it has done 4,000, and says how many are done."""
    wanted = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    database = {name: connection.settings_dict[name] for name in wanted}
    order = {"database": database, "queue": "bulk", "partner": str(crowd.id)}
    command = [sys.executable, "-m", "tests.benchmarks.worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT, text=True) as worker:
        assert worker.stdin is not None
        worker.stdin.write(f"{json.dumps(order)}\n")
        worker.stdin.flush()
        while read(crowd, job).done < 4_000 and worker.poll() is None:
            time.sleep(0.02)
        worker.send_signal(signal.SIGKILL)
    assert worker.returncode == -signal.SIGKILL
    return read(crowd, job).done


def each_exactly_once(crowd: Crowd, job: UUID) -> None:
    """One row done, one hold, one event, one version more, one order to each consumer, for every customer."""
    finished = read(crowd, job)
    assert (finished.state, finished.done, finished.failed, finished.skipped) == (JobState.DONE, MANY, 0, 0)
    with tenant(crowd.id):
        rows = BulkRow.objects.for_partner(crowd.id).filter(job=job)
        ids = set(rows.filter(state=RowState.DONE).values_list("customer_id", flat=True))
        holds = Hold.objects.for_partner(crowd.id).filter(placed_action_id=job)
        events = Event.objects.for_partner(crowd.id).filter(action_id=job)
        assert len(ids) == rows.count() == MANY
        assert sorted(holds.values_list("customer_id", flat=True)) == sorted(ids)
        assert sorted(events.filter(object_type="customer").values_list("object_id", flat=True)) == sorted(ids)
        versions = Customer.objects.for_partner(crowd.id).filter(pk__in=ids).aggregate(Min("version"), Max("version"))
        assert set(versions.values()) == {2}
        blocked = Subscription.objects.for_partner(crowd.id).filter(customer__in=ids, access=Access.BLOCKED, version=2)
        assert blocked.count() == events.filter(kind="subscription.access_changed").count() >= MANY
        assert Outbox.objects.for_partner(crowd.id).filter(event__in=events).count() == events.count()


def bare_suspension(crowd: Crowd, customers: list[UUID]) -> None:
    """The owner's plain statements for the same rows, all at once, without looking at any of them."""
    with connections[OWNER].cursor() as cursor:
        given: dict[str, Any] = {
            "partner": crowd.id,
            "customers": customers,
            "job": uuid4(),
            "now": system_now(),
            "reason": REASON,
        }
        cursor.execute(BARE.read_text(), given)
