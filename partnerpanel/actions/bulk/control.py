"""Starting, confirming, pausing, resuming, cancelling and undoing a job."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from customers.queries.facts import identities
from partnerpanel.actions.bulk.candidates import Candidate, candidates
from partnerpanel.actions.bulk.states import JobState, RowState
from partnerpanel.actions.models import BulkJob, BulkRow
from partnerpanel.actions.permission import Permission, permit
from partnerpanel.actions.registry import VERBS
from partnerpanel.actions.undo import Undo
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.kernel.errors import Conflict, DomainError, NotFound
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import refuse_open_scope, tenant

TYPED_ABOVE = 100
MOST = 100_000


class InvalidJob(DomainError):
    """A job that cannot be started or confirmed; `field` names which input."""

    code = "invalid_job"


class WrongState(Conflict):
    """The job is not in a state in which this can be done."""

    code = "wrong_job_state"


def start(verb: Verb, customer_ids: Sequence[UUID], *, actor: Actor, now: datetime) -> UUID:
    """Writes a job with its rows and begins its preview; nothing is changed before `confirm`.

    `verb` carries the inputs; its own targets are not looked at. A verb on subscriptions concerns those of the
    customers that have not ended. Raises Forbidden, InvalidJob, NotFound.
    """
    _permit(verb, actor)
    unique = list(dict.fromkeys(customer_ids))
    if not 1 <= len(unique) <= MOST:
        raise InvalidJob(_("Select 1 to 100,000 customers."), field="customers")
    refuse_open_scope("A bulk job")
    with tenant(actor.partner_id):
        if len(identities(actor.partner_id, unique)) != len(unique):
            raise NotFound(_("There is no such customer."), field="customers")
        return _write(verb, candidates(verb, unique, partner_id=actor.partner_id), actor=actor, now=now)


def undo(job_id: UUID, *, actor: Actor, now: datetime) -> UUID:
    """A new job that undoes what this one did, previewed and confirmed like any other.

    Raises Forbidden, NotFound where what it did cannot be undone, WrongState where it did nothing.
    """
    refuse_open_scope("A bulk job")
    with tenant(actor.partner_id):
        job = _locked(job_id, actor)
        rows = BulkRow.objects.for_partner(actor.partner_id).filter(job=job, state=RowState.DONE).order_by("position")
        found = [Candidate(Target(*ids)) for ids in rows.values_list("customer_id", "subscription_id")]
        if not found:
            raise WrongState(_("This job has changed nothing, so there is nothing to undo."))
        verb = Undo.in_bulk(job_id, partner_id=actor.partner_id)
        _permit(verb, actor)
        return _write(verb, found, actor=actor, now=now)


def confirm(job_id: UUID, *, typed: str, actor: Actor, now: datetime) -> None:
    """Lets a previewed job run. Above 100 rows the number of rows has to be typed. Raises InvalidJob, WrongState."""
    permit(actor, Permission.BULK)
    with tenant(actor.partner_id):
        job = _locked(job_id, actor)
        for permission in sorted(VERBS[job.verb].for_targets((), job.inputs).permissions()):
            permit(actor, permission)
        _require(job, JobState.READY)
        if not job.planned:
            raise InvalidJob(_("There is nothing to do for any of these customers."), field="targets")
        if job.planned > TYPED_ABOVE and typed.strip() != str(job.planned):
            raise InvalidJob(_("Type %(number)s to confirm.") % {"number": job.planned}, field="typed")
        job.confirmed_at = now
        _set(job, JobState.RUNNING, due_at=now)


def pause(job_id: UUID, *, actor: Actor) -> None:
    """Stops after the chunk that is being written. Raises WrongState."""
    permit(actor, Permission.BULK)
    with tenant(actor.partner_id):
        job = _locked(job_id, actor)
        _require(job, JobState.RUNNING)
        _set(job, JobState.PAUSED, due_at=None)


def resume(job_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Goes on where it was paused. Raises WrongState."""
    permit(actor, Permission.BULK)
    with tenant(actor.partner_id):
        job = _locked(job_id, actor)
        _require(job, JobState.PAUSED)
        _set(job, JobState.RUNNING, due_at=now)


def cancel(job_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Leaves the rest undone; what is done stays and can be undone. Raises WrongState."""
    permit(actor, Permission.BULK)
    with tenant(actor.partner_id):
        job = _locked(job_id, actor)
        _require(job, JobState.PREVIEWING, JobState.READY, JobState.RUNNING, JobState.PAUSED)
        job.finished_at = now
        _set(job, JobState.CANCELLED, due_at=None)


def _permit(verb: Verb, actor: Actor) -> None:
    for permission in sorted({Permission.BULK} | verb.permissions()):
        permit(actor, permission)


def _write(verb: Verb, found: Sequence[Candidate], *, actor: Actor, now: datetime) -> UUID:
    job = BulkJob.objects.create(
        partner_id=actor.partner_id,
        verb=verb.name,
        inputs=verb.inputs(),
        total=len(found),
        refused=sum(bool(one.refusal) for one in found),
        actor_id=actor.id,
        actor_kind=actor.kind,
        actor_role=actor.role or "",
        request_id=actor.request_id,
        created_at=now,
        due_at=now,
    )
    rows = (
        BulkRow(
            partner_id=actor.partner_id,
            job=job,
            position=position,
            customer_id=one.target.customer_id,
            subscription_id=one.target.subscription_id,
            state=RowState.REFUSED if one.refusal else RowState.NEW,
            refusal=one.refusal.code if one.refusal else "",
            message=one.refusal.message if one.refusal else "",
        )
        for position, one in enumerate(found, start=1)
    )
    BulkRow.objects.bulk_create(rows, batch_size=2_000)
    wake("bulk", actor.partner_id)
    job_id: UUID = job.pk
    return job_id


def _locked(job_id: UUID, actor: Actor) -> BulkJob:
    job = BulkJob.objects.for_partner(actor.partner_id).select_for_update().filter(pk=job_id).first()
    if job is None:
        raise NotFound(_("There is no such job."), field="job")
    return job


def _require(job: BulkJob, *states: JobState) -> None:
    if job.state not in states:
        raise WrongState(_("The job is “%(state)s” by now.") % {"state": job.get_state_display()})


def _set(job: BulkJob, state: JobState, *, due_at: datetime | None) -> None:
    job.state, job.due_at = state, due_at
    job.attempts, job.parked_at, job.last_error = 0, None, ""
    job.save()
    if due_at is not None:
        wake("bulk", job.partner_id)
