"""Bulk jobs that cannot go on by themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.actions.models import BulkJob
from partnerpanel.events.retry import put_back
from partnerpanel.queues.parked import Desk, ParkedLine
from partnerpanel.tenancy.actor import Actor


def waiting(partner_id: UUID, limit: int) -> list[ParkedLine]:
    """By verb."""
    rows = BulkJob.objects.for_partner(partner_id).filter(parked_at__isnull=False).order_by("parked_at", "pk")
    return [ParkedLine(row.pk, None, row.verb, row.last_error, row.parked_at) for row in rows[:limit] if row.parked_at]


def retry(row_id: UUID, actor: Actor, now: datetime) -> None:
    """The job goes on where it stopped; rows that are done stay done."""
    put_back(BulkJob.objects.for_partner(actor.partner_id), row_id, queue="bulk", customer="", actor=actor, now=now)


DESK = Desk("bulk", waiting, retry)
