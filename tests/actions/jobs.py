"""Bulk jobs as a person goes through them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from partnerpanel.actions.bulk import control, queries
from partnerpanel.actions.models import BulkJob, BulkRow
from partnerpanel.actions.verb import Verb
from partnerpanel.tenancy.scope import tenant
from tests.people import Person
from tests.world import NOW, World


def begun(world: World, person: Person, customers: Sequence[UUID], verb: Verb, *, now: datetime = NOW) -> UUID:
    """A job that waits for its confirmation."""
    job = control.start(verb, customers, actor=person.actor, now=now)
    world.drain("bulk", now=now)
    return job


def confirmed(world: World, person: Person, job: UUID, *, now: datetime = NOW) -> None:
    """Confirms, and lets everything happen that follows."""
    control.confirm(job, typed=str(job_of(world, job).planned), actor=person.actor, now=now)
    world.drain("bulk", now=now)
    world.drain("outbox", "provisioning", "charges", now=now)


def carried_out(world: World, person: Person, customers: Sequence[UUID], verb: Verb, *, now: datetime = NOW) -> UUID:
    """Previews, confirms, and lets everything happen that follows."""
    job = begun(world, person, customers, verb, now=now)
    confirmed(world, person, job, now=now)
    return job


def job_of(world: World, job: UUID) -> BulkJob:
    with tenant(world.id):
        return queries.job(world.id, job)


def rows_of(world: World, job: UUID) -> list[BulkRow]:
    with tenant(world.id):
        return queries.rows(world.id, job, limit=100)


def states_of(world: World, job: UUID) -> Counter[str]:
    with tenant(world.id):
        return Counter(row.state for row in queries.results(world.id, job))
