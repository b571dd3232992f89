"""Extending 5,000 customers as one job, moving 5,000 to another plan, later and at once, and undoing that."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import connections

from customers.models import Customer
from partnerpanel.actions.bulk import control
from partnerpanel.actions.bulk.states import JobState, RowState
from partnerpanel.actions.change_plan import ChangePlan
from partnerpanel.actions.extend import Extend
from partnerpanel.actions.models import BulkJob, BulkRow
from partnerpanel.actions.verb import Verb
from partnerpanel.events.models import Event
from partnerpanel.kernel.clock import system_now
from partnerpanel.policy.rules.change import When
from partnerpanel.queues.registry import queue_named
from partnerpanel.tenancy.database import OWNER
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Plan
from tests.benchmarks.crowd import Crowd
from tests.benchmarks.figures import Book, Figure, seconds

MANY, BOUND = 5_000, 60
# Behind those whom the benchmark of suspending takes.
FIRST = 40_000
BARE = Path(__file__).with_name("extend_in_bulk.sql")
EXTEND = Extend((), "An outage of ours.", days=10)


def test_extending_five_thousand_and_taking_it_back(crowd: Crowd, book: Book) -> None:
    job, preview, run = carried_out(crowd, EXTEND, some_customers(crowd, 0))
    each_once(crowd, job, "subscription.extended")
    bare = seconds(partial(bare_extension, crowd, some_customers(crowd, 1)))
    back = control.undo(job, actor=crowd.owner.actor, now=system_now())
    undo_preview, undo_run = through(crowd, back)
    each_once(crowd, back, "subscription.dates_put_back")
    book.note(
        Figure("extend 5,000: the preview", preview, "s", BOUND),
        Figure("extend 5,000: the confirmed job", run, "s", BOUND, bare),
        Figure("undo the extension of 5,000: the preview", undo_preview, "s", BOUND),
        Figure("undo the extension of 5,000: the confirmed job", undo_run, "s", BOUND),
    )


def test_moving_five_thousand_to_another_plan(crowd: Crowd, book: Book) -> None:
    later, later_preview, later_run = carried_out(
        crowd, ChangePlan((), dearest(crowd), When.PERIOD_END), some_customers(crowd, 2)
    )
    each_once(crowd, later, "subscription.change_scheduled")
    now, now_preview, now_run = carried_out(
        crowd, ChangePlan((), dearest(crowd), When.IMMEDIATE), some_customers(crowd, 3)
    )
    each_once(crowd, now, "subscription.change_awaits_payment")
    book.note(
        Figure("change the plan of 5,000 later: the preview", later_preview, "s", BOUND),
        Figure("change the plan of 5,000 later: the confirmed job", later_run, "s", BOUND),
        Figure("change the plan of 5,000 at once: the preview", now_preview, "s", BOUND),
        Figure("change the plan of 5,000 at once: the confirmed job", now_run, "s", BOUND),
    )


def some_customers(crowd: Crowd, share: int) -> list[UUID]:
    """Customers with one running subscription on another plan than the dearest, in the order of their names."""
    with tenant(crowd.id):
        rows = Customer.objects.for_partner(crowd.id).filter(is_active=True, is_suspended=False, version=1)
        rows = rows.filter(is_cancelling=False, is_trialing=False, is_paused=False, is_in_grace=False)
        found = rows.order_by("external_id").values_list("pk", "external_id")[FIRST:]
        single = [id_ for id_, number in found if int(number[2:]) % 5 and int(number[2:]) % 8 != 7]
    return single[share * MANY :][:MANY]


def dearest(crowd: Crowd) -> UUID:
    with tenant(crowd.id):
        return UUID(str(Plan.objects.for_partner(crowd.id).get(rank=8).pk))


def carried_out(crowd: Crowd, verb: Verb, customers: list[UUID]) -> tuple[UUID, float, float]:
    """The job, and how long its preview and the confirmed run took."""
    assert len(customers) == MANY
    job = control.start(verb, customers, actor=crowd.owner.actor, now=system_now())
    return (job, *through(crowd, job))


def through(crowd: Crowd, job: UUID) -> tuple[float, float]:
    preview = seconds(partial(drain, crowd))
    control.confirm(job, typed=str(MANY), actor=crowd.owner.actor, now=system_now())
    return preview, seconds(partial(drain, crowd))


def drain(crowd: Crowd) -> None:
    while queue_named("bulk").drain(crowd.id, system_now()):
        pass


def each_once(crowd: Crowd, job: UUID, kind: str) -> None:
    """Every row is done, with one event of its own."""
    with tenant(crowd.id):
        finished = BulkJob.objects.for_partner(crowd.id).get(pk=job)
        assert (finished.state, finished.done, finished.failed, finished.skipped) == (JobState.DONE, MANY, 0, 0)
        rows = BulkRow.objects.for_partner(crowd.id).filter(job=job, state=RowState.DONE)
        events = Event.objects.for_partner(crowd.id).filter(action_id=job, kind=kind)
        assert sorted(rows.values_list("subscription_id", flat=True)) == sorted(
            events.values_list("object_id", flat=True)
        )
        assert events.count() == MANY


def bare_extension(crowd: Crowd, customers: list[UUID]) -> None:
    """The owner's plain statements for the same rows, all at once, without looking at any of them."""
    with connections[OWNER].cursor() as cursor:
        given: dict[str, Any] = {"partner": crowd.id, "customers": customers, "job": uuid4(), "now": system_now()}
        cursor.execute(BARE.read_text(), given)
