"""Working through a job: one chunk, one transaction, so a killed worker leaves whole chunks and no row twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.utils.translation import gettext as _

from partnerpanel.actions.bulk.figures import COLUMNS, put_figures
from partnerpanel.actions.bulk.states import JobState, RowState
from partnerpanel.actions.coupons import ApplyCoupon
from partnerpanel.actions.models import BulkJob, BulkRow
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.quote import facts_of
from partnerpanel.actions.registry import VERBS
from partnerpanel.actions.verb import ActionPlan, Target, Verb, foreseen_events
from partnerpanel.events.consumers import foresee
from partnerpanel.queues.rows import POSTPONED_COLUMNS, Batch, postpone
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.bulk import update_rows
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant

log = structlog.get_logger(__name__)

CHUNK = 500
_DUE = Batch(BulkJob.objects.all, limit=1)
# The code of a row that is not as it was previewed.
MOVED = "moved_since_preview"
WAITS = [timedelta(seconds=seconds) for seconds in (5, 30, 120, 600)]


def drain_bulk(partner_id: UUID, now: datetime) -> int:
    """One chunk of the job that is longest due. A chunk that fails is halved until the failing row stands alone."""
    limit = CHUNK
    while limit > 1:
        try:
            return _work(partner_id, now, limit=limit)
        except Exception as error:  # noqa: BLE001 the row that fails says it once more, alone
            log.warning("bulk_chunk_failed", partner_id=str(partner_id), rows=limit, error=type(error).__name__)
            limit //= 2
    return _work_one(partner_id, now)


def _work(partner_id: UUID, now: datetime, *, limit: int) -> int:
    with tenant(partner_id):
        job = _due_job(partner_id, now)
        if job is None:
            return 0
        rows = _next_rows(job, limit)
        if not rows:
            _finish(job, now)
            return 1
        if job.state == JobState.PREVIEWING:
            _preview(job, rows, now)
        else:
            _apply(job, rows, now)
        return len(rows)


def _work_one(partner_id: UUID, now: datetime) -> int:
    """The next row alone; if it fails too, it is marked and the job goes on with the one after it."""
    try:
        return _work(partner_id, now, limit=1)
    except Exception as error:
        log.exception("bulk_row_failed", partner_id=str(partner_id))
        with tenant(partner_id):
            job = _due_job(partner_id, now)
            if job is None:
                return 0
            row = next(iter(_next_rows(job, 1)), None)
            if row is None:
                job.attempts += 1
                postpone(job, error=str(error), now=now, waits=WAITS)
                job.save(update_fields=POSTPONED_COLUMNS)
                return 0
            job.planned -= row.state == RowState.PLANNED
            row.state, row.message = RowState.FAILED, f"{type(error).__name__}: {error}"[:300]
            row.save(update_fields=["state", "message"])
            job.failed += 1
            job.save(update_fields=["failed", "planned"])
        return 1


def _next_rows(job: BulkJob, limit: int) -> list[BulkRow]:
    """So many rows, and the rest of the last one's customer: what a customer has in credit is shared out within."""
    waiting = BulkRow.objects.for_partner(job.partner_id).filter(job=job, state=_waiting(job)).order_by("position")
    rows = list(waiting[:limit])
    if rows and rows[-1].subscription_id is not None:
        last = rows[-1]
        rows += waiting.filter(customer=last.customer_id, position__gt=last.position)
    return rows


def _waiting(job: BulkJob) -> RowState:
    return RowState.NEW if job.state == JobState.PREVIEWING else RowState.PLANNED


def _due_job(partner_id: UUID, now: datetime) -> BulkJob | None:
    jobs = _DUE.lock(partner_id, now)
    return jobs[0] if jobs else None


def _preview(job: BulkJob, rows: Sequence[BulkRow], now: datetime) -> None:
    verb = _verb(job, rows)
    if isinstance(verb, ApplyCoupon):  # the chunks before have planned redemptions that count for its limit
        verb = replace(verb, taken=job.planned)
    plans = verb.plan(partner_id=job.partner_id, now=now, lock=False)
    foreseen = foresee(foreseen_events(plans))
    mails = [one for one in foreseen if one.kind == "mail"]
    for row, plan in zip(rows, plans, strict=True):
        row.state = RowState.REFUSED if plan.refusal else RowState.PLANNED
        row.facts = facts_of([plan])
        put_figures(row, plan)
        row.refusal = plan.refusal.code if plan.refusal else ""
        row.message = plan.refusal.message[:300] if plan.refusal else ""
    _write(rows)
    acting = sum(row.state == RowState.PLANNED for row in rows)
    job.planned += acting
    job.refused += len(rows) - acting
    job.mails += len(mails)
    job.steps += len(foreseen) - len(mails)
    if mails and not job.sample:
        job.sample = {"to": mails[0].to, "title": mails[0].title, "body": mails[0].body}
    job.save(update_fields=["planned", "refused", "mails", "steps", "sample"])


def _apply(job: BulkJob, rows: Sequence[BulkRow], now: datetime) -> None:
    verb = _verb(job, rows)
    plans = verb.plan(partner_id=job.partner_id, now=now, lock=True)
    same = [facts_of([plan]) == row.facts and not plan.refusal for row, plan in zip(rows, plans, strict=True)]
    role = Role(job.actor_role) if job.actor_role else None
    actor = Actor(ActorKind(job.actor_kind), job.partner_id, job.actor_id, role, job.request_id)
    verb.apply([plan for plan, ok in zip(plans, same, strict=True) if ok], actor=actor, action_id=job.pk, now=now)
    for row, plan, ok in zip(rows, plans, same, strict=True):
        row.state = RowState.DONE if ok else RowState.SKIPPED
        row.refusal = "" if ok else MOVED
        row.message = "" if ok else str(_("Changed since the preview; nothing was done."))
        row.attempt_id = _attempt(plan) if ok else None
    _write(rows)
    job.done += sum(same)
    job.skipped += len(rows) - sum(same)
    job.planned -= len(rows)
    job.save(update_fields=["done", "skipped", "planned"])


def _verb(job: BulkJob, rows: Sequence[BulkRow]) -> Verb:
    return VERBS[job.verb].for_targets(tuple(Target(row.customer_id, row.subscription_id) for row in rows), job.inputs)


def _attempt(plan: ActionPlan) -> UUID | None:
    """The charge that was written down and is asked for by its own queue."""
    if isinstance(plan, MoneyPlan) and plan.planned and plan.planned.plan.attempt:
        return plan.planned.plan.attempt.id
    return None


def _write(rows: Sequence[BulkRow]) -> None:
    columns = ["state", "facts", "refusal", "message", "attempt_id", *COLUMNS]
    values = [(row.pk, *(getattr(row, name) for name in columns)) for row in rows]
    update_rows(BulkRow, partner_id=rows[0].partner_id, columns=columns, rows=values)


def _finish(job: BulkJob, now: datetime) -> None:
    job.due_at = None
    if job.state == JobState.PREVIEWING:
        job.state = JobState.READY
    else:
        job.state, job.finished_at = JobState.DONE, now
    job.save(update_fields=["due_at", "state", "finished_at"])
