"""Reading jobs and their rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from billing.charging.states import AttemptStatus
from billing.queries.charges import charges
from partnerpanel.actions.bulk.states import JobState, RowState
from partnerpanel.actions.models import BulkJob, BulkRow
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Totals:
    """What the rows of one currency come to that are planned or done."""

    due: Money
    given_back: Money
    mrr_before: Money
    mrr_after: Money


@dataclass(frozen=True, slots=True)
class Reason:
    """Why so many rows are left alone."""

    state: str
    refusal: str
    message: str
    rows: int


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
    found = BulkRow.objects.for_partner(partner_id).filter(job=job_id).select_related("customer", "subscription__plan")
    if state:
        found = found.filter(state=state)
    return list(found.order_by("position")[:limit])


def results(partner_id: UUID, job_id: UUID) -> Iterator[BulkRow]:
    """All rows in their order, for the CSV."""
    found = BulkRow.objects.for_partner(partner_id).filter(job=job_id).select_related("customer", "subscription__plan")
    yield from found.order_by("position").iterator(chunk_size=2_000)


def totals(partner_id: UUID, job_id: UUID) -> list[Totals]:
    """By currency; nothing for a job that moves no money."""
    found = BulkRow.objects.for_partner(partner_id).filter(job=job_id, state__in=[RowState.PLANNED, RowState.DONE])
    sums = found.exclude(currency="").order_by("currency").values_list("currency")
    columns = sums.annotate(Sum("due"), Sum("given_back"), Sum("mrr_before"), Sum("mrr_after"))
    return [Totals(*(Money(amount, currency) for amount in amounts)) for currency, *amounts in columns]


def reasons(partner_id: UUID, job_id: UUID) -> list[Reason]:
    """The exceptions by what they say, the most frequent first."""
    found = BulkRow.objects.for_partner(partner_id).filter(
        job=job_id, state__in=[RowState.REFUSED, RowState.SKIPPED, RowState.FAILED]
    )
    counted = found.order_by().values_list("state", "refusal", "message").annotate(rows=Count("pk"))
    return [Reason(*one) for one in counted.order_by("-rows", "message", "state")]


def charged(partner_id: UUID, rows: Iterable[BulkRow]) -> dict[UUID, AttemptStatus]:
    """By the attempt of a row, how its charge stands."""
    return charges(partner_id, [row.attempt_id for row in rows if row.attempt_id])
