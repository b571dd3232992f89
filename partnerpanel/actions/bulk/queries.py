"""Reading jobs and their rows."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext as _

from partnerpanel.actions.bulk.states import JobState
from partnerpanel.actions.models import BulkJob, BulkRow
from partnerpanel.kernel.errors import NotFound


def job(partner_id: UUID, job_id: UUID) -> BulkJob:
    """In the open scope. Raises NotFound."""
    found = BulkJob.objects.for_partner(partner_id).filter(pk=job_id).first()
    if found is None:
        raise NotFound(_("There is no such job."), field="job")
    return found


def jobs(partner_id: UUID, *, limit: int = 20) -> list[BulkJob]:
    """Newest first."""
    return list(BulkJob.objects.for_partner(partner_id).order_by("-created_at", "-pk")[:limit])


def open_jobs(partner_id: UUID) -> list[BulkJob]:
    """Jobs that are not finished, newest first: they run, or wait for a person."""
    found = BulkJob.objects.for_partner(partner_id).exclude(state__in=[JobState.DONE, JobState.CANCELLED])
    return list(found.order_by("-created_at", "-pk")[:10])


def rows(partner_id: UUID, job_id: UUID, *, limit: int, state: str | None = None) -> list[BulkRow]:
    """Rows in their order with their customers; exceptions alone with `state`."""
    found = BulkRow.objects.for_partner(partner_id).filter(job=job_id).select_related("customer")
    if state:
        found = found.filter(state=state)
    return list(found.order_by("position")[:limit])


def results(partner_id: UUID, job_id: UUID) -> Iterator[BulkRow]:
    """All rows in their order, for the CSV."""
    found = BulkRow.objects.for_partner(partner_id).filter(job=job_id).select_related("customer")
    yield from found.order_by("position").iterator(chunk_size=2_000)
