"""The same verbs over many customers: previewed, confirmed, watched, stopped, resumed and undone."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from partnerpanel.actions.bulk import control, queries, runner
from partnerpanel.actions.bulk.control import InvalidJob, WrongState
from partnerpanel.actions.models import BulkJob
from partnerpanel.actions.suspend import Suspend
from partnerpanel.events.models import Event
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import HoldKind
from subscriptions.services import access
from tests.actions.carry_out import carry_out, everything, suspend
from tests.people import Person
from tests.world import NOW, World

VERB = Suspend((), HoldKind.MANUAL, "all of you")


def job_of(world: World, job: UUID) -> BulkJob:
    with tenant(world.id):
        return queries.job(world.id, job)


def states(world: World, job: UUID) -> Counter[str]:
    with tenant(world.id):
        return Counter(row.state for row in queries.results(world.id, job))


def begin(world: World, person: Person, customers: list[UUID], verb: Any = VERB) -> UUID:
    """A job that waits for its confirmation."""
    job = control.start(verb, customers, actor=person.actor, now=NOW)
    world.drain("bulk")
    return job


def run(world: World, person: Person, customers: list[UUID], verb: Any = VERB) -> UUID:
    job = begin(world, person, customers, verb)
    control.confirm(job, typed=str(len(customers)), actor=person.actor, now=NOW)
    world.drain("bulk")
    return job


def suspended(world: World, customers: list[UUID]) -> int:
    return sum(world.read_customer(id_).is_suspended for id_ in customers)


def events_of(world: World, kind: str = "customer.suspended") -> Counter[UUID]:
    with tenant(world.id):
        return Counter(Event.objects.filter(kind=kind).values_list("object_id", flat=True))


def test_a_job_is_previewed_then_confirmed_then_done(world: World, owner: Person) -> None:
    customers = world.customers(5)
    world.subscriptions(customers)
    world.drain()
    carry_out(suspend(customers[4]), owner)
    before = everything(world)
    job = begin(world, owner, customers)
    after = everything(world)
    assert {label for label in after if after[label] != before[label]} == {"actions.BulkJob", "actions.BulkRow"}
    row = job_of(world, job)
    assert (row.state, row.total, row.planned, row.refused, row.due_at) == ("ready", 5, 4, 1, None)
    assert row.steps == 4
    control.confirm(job, typed="", actor=owner.actor, now=NOW)
    world.drain("bulk")
    row = job_of(world, job)
    assert (row.state, row.done, row.planned, row.finished_at) == ("done", 4, 0, NOW)
    assert states(world, job) == {"done": 4, "refused": 1}
    assert suspended(world, customers) == 5
    assert max(events_of(world).values()) == 1


def test_the_dry_run_shows_old_and_new_and_why_not(world: World, owner: Person) -> None:
    customers = world.customers(2)
    world.subscriptions(customers)
    world.drain()
    carry_out(suspend(customers[0]), owner)
    job = begin(world, owner, customers)
    with tenant(world.id):
        refused, planned = queries.rows(world.id, job, limit=10)
    assert refused.message.startswith("A hold of this kind")
    assert (planned.before, planned.after) == ("Basic: open", "Basic: blocked")


def test_above_a_hundred_the_number_is_typed(world: World, owner: Person) -> None:
    job = begin(world, owner, world.customers(101))
    for typed in ("", "100", "yes", "1010"):
        with pytest.raises(InvalidJob) as refusal:
            control.confirm(job, typed=typed, actor=owner.actor, now=NOW)
        assert refusal.value.field == "typed"
    control.confirm(job, typed=" 101 ", actor=owner.actor, now=NOW)


def test_a_hundred_need_no_typing(world: World, owner: Person) -> None:
    control.confirm(begin(world, owner, world.customers(100)), typed="", actor=owner.actor, now=NOW)


def test_a_job_with_nothing_to_do_is_not_confirmed(world: World, owner: Person) -> None:
    customer = world.customer()
    carry_out(suspend(customer), owner)
    with pytest.raises(InvalidJob, match="nothing to do"):
        control.confirm(begin(world, owner, [customer]), typed="", actor=owner.actor, now=NOW)


def test_the_same_customer_twice_is_one_row(world: World, owner: Person) -> None:
    customer = world.customer()
    assert job_of(world, run(world, owner, [customer, customer])).total == 1
    assert events_of(world) == {customer: 1}


def test_customers_of_nobody_and_of_another_partner_are_equally_unknown(
    world: World, other_world: World, owner: Person
) -> None:
    own = world.customer()
    for other in (other_world.customer(), uuid7()):
        with pytest.raises(NotFound):
            control.start(VERB, [own, other], actor=owner.actor, now=NOW)
    with pytest.raises(InvalidJob):
        control.start(VERB, [], actor=owner.actor, now=NOW)


def test_a_job_is_paused_resumed_and_finished(world: World, owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "CHUNK", 3)
    customers = world.customers(10)
    job = begin(world, owner, customers)
    with pytest.raises(WrongState):
        control.pause(job, actor=owner.actor)
    control.confirm(job, typed="", actor=owner.actor, now=NOW)
    runner.drain_bulk(world.id, NOW)
    control.pause(job, actor=owner.actor)
    assert world.drain("bulk") == 0
    assert (suspended(world, customers), job_of(world, job).done) == (3, 3)
    with pytest.raises(WrongState):
        control.confirm(job, typed="", actor=owner.actor, now=NOW)
    control.resume(job, actor=owner.actor, now=NOW)
    world.drain("bulk")
    assert job_of(world, job).state == "done"
    assert events_of(world) == dict.fromkeys(customers, 1)


def test_a_cancelled_job_leaves_the_rest_and_can_be_undone(
    world: World, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "CHUNK", 3)
    customers = world.customers(10)
    job = begin(world, owner, customers)
    control.confirm(job, typed="", actor=owner.actor, now=NOW)
    runner.drain_bulk(world.id, NOW)
    control.cancel(job, actor=owner.actor, now=NOW)
    world.drain("bulk")
    assert states(world, job) == {"done": 3, "planned": 7}
    for step in (control.cancel, control.resume):
        with pytest.raises(WrongState):
            step(job, actor=owner.actor, now=NOW)
    back = control.undo(job, actor=owner.actor, now=NOW)
    world.drain("bulk")
    assert job_of(world, back).planned == 3
    control.confirm(back, typed="", actor=owner.actor, now=NOW)
    world.drain("bulk")
    assert suspended(world, customers) == 0


def test_a_row_that_changed_since_the_preview_is_skipped_and_says_so(world: World, owner: Person) -> None:
    customers = world.customers(4)
    world.subscriptions(customers)
    world.drain()
    job = begin(world, owner, customers)
    carry_out(suspend(customers[1]), owner)
    world.subscription(customer=customers[2])
    world.drain()
    control.confirm(job, typed="", actor=owner.actor, now=NOW)
    world.drain("bulk")
    assert states(world, job) == {"done": 2, "skipped": 2}
    with tenant(world.id):
        skipped = queries.rows(world.id, job, limit=9, state="skipped")
    assert {row.customer_id for row in skipped} == {customers[1], customers[2]}
    assert {row.message for row in skipped} == {"Changed since the preview; nothing was done."}
    assert events_of(world)[customers[1]] == 1


def poisoned(monkeypatch: pytest.MonkeyPatch, *poison: UUID) -> list[int]:
    """Makes writing fail for these customers; gives the sizes of the chunks that were tried."""
    tried: list[int] = []
    apply = access.apply

    def failing(plans: Any, **options: Any) -> None:
        tried.append(len(plans))
        apply(plans, **options)
        if {plan.customer_id for plan in plans} & set(poison):
            raise RuntimeError("no ink left")

    monkeypatch.setattr(access, "apply", failing)
    return tried


@pytest.mark.parametrize("at", [0, 57, 119])
def test_a_row_that_fails_fails_alone(world: World, owner: Person, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    customers = world.customers(120)
    tried = poisoned(monkeypatch, customers[at])
    job = run(world, owner, customers)
    assert states(world, job) == {"done": 119, "failed": 1}
    row = job_of(world, job)
    assert (row.state, row.done, row.failed, row.planned) == ("done", 119, 1, 0)
    with tenant(world.id):
        (failed,) = queries.rows(world.id, job, limit=9, state="failed")
    assert (failed.customer_id, failed.message) == (customers[at], "RuntimeError: no ink left")
    assert events_of(world) == dict.fromkeys((id_ for id_ in customers if id_ != customers[at]), 1)
    assert len(tried) < 60, "a bad row costs halvings, not one chunk per row"


def test_a_job_killed_inside_a_chunk_goes_on_where_it_was(
    world: World, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "CHUNK", 4)
    customers = world.customers(10)
    job = begin(world, owner, customers)
    control.confirm(job, typed="", actor=owner.actor, now=NOW)
    runner.drain_bulk(world.id, NOW)
    with monkeypatch.context() as killing:

        def killed(*_: Any, **__: Any) -> None:
            raise KeyboardInterrupt

        killing.setattr("partnerpanel.actions.bulk.runner._write", killed)
        with pytest.raises(KeyboardInterrupt):
            runner.drain_bulk(world.id, NOW)
    assert suspended(world, customers) == 4, "a chunk is written whole or not at all"
    world.drain("bulk")
    assert job_of(world, job).done == 10
    assert events_of(world) == dict.fromkeys(customers, 1)


def test_a_whole_job_is_undone_but_for_what_was_changed_since(world: World, owner: Person) -> None:
    customers = world.customers(4)
    world.subscriptions(customers)
    world.drain()
    job = run(world, owner, customers)
    carry_out(suspend(customers[0], kind=HoldKind.ABUSE), owner)
    back = control.undo(job, actor=owner.actor, now=NOW)
    world.drain("bulk")
    assert states(world, back) == {"planned": 3, "refused": 1}
    control.confirm(back, typed="", actor=owner.actor, now=NOW)
    world.drain("bulk")
    assert [world.read_customer(id_).is_suspended for id_ in customers] == [True, False, False, False]
    again = control.undo(back, actor=owner.actor, now=NOW)
    world.drain("bulk")
    control.confirm(again, typed="", actor=owner.actor, now=NOW)
    world.drain("bulk")
    assert suspended(world, customers) == 4


def test_a_job_that_is_a_day_old_refuses_each_row_in_a_sentence(world: World, owner: Person) -> None:
    job = run(world, owner, world.customers(3))
    late = NOW + timedelta(hours=25)
    back = control.undo(job, actor=owner.actor, now=late)
    world.drain("bulk", now=late)
    with tenant(world.id):
        messages = {row.message for row in queries.rows(world.id, back, limit=9, state="refused")}
    assert messages == {"This was done more than 24 hours ago and can no longer be undone."}


def test_a_job_that_changed_nothing_cannot_be_undone(world: World, owner: Person) -> None:
    with pytest.raises(WrongState, match="nothing to undo"):
        control.undo(begin(world, owner, world.customers(2)), actor=owner.actor, now=NOW)


def test_another_partners_job_is_unknown(world: World, owner: Person, stranger: Person) -> None:
    job = begin(world, owner, world.customers(2))
    now: datetime = NOW
    for step in (
        lambda id_: control.confirm(id_, typed="", actor=stranger.actor, now=now),
        lambda id_: control.pause(id_, actor=stranger.actor),
        lambda id_: control.resume(id_, actor=stranger.actor, now=now),
        lambda id_: control.cancel(id_, actor=stranger.actor, now=now),
        lambda id_: control.undo(id_, actor=stranger.actor, now=now),
    ):
        messages = set()
        for id_ in (job, uuid7()):
            with pytest.raises(NotFound) as refusal:
                step(id_)
            messages.add(str(refusal.value))
        assert len(messages) == 1
    assert job_of(world, job).state == "ready"
