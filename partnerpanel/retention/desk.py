"""Erasures that failed every time, waiting for a person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.events.retry import put_back
from partnerpanel.queues.parked import Desk, ParkedLine
from partnerpanel.retention.models import RetentionCase
from partnerpanel.tenancy.actor import Actor


def waiting(partner_id: UUID, limit: int) -> list[ParkedLine]:
    """By the day on which the data was to be erased."""
    rows = RetentionCase.objects.for_partner(partner_id).filter(parked_at__isnull=False).order_by("parked_at", "pk")
    columns = ("pk", "customer_id", "erase_on", "last_error", "parked_at")
    return [
        ParkedLine(pk, customer_id, str(erase_on), error, parked_at)
        for pk, customer_id, erase_on, error, parked_at in rows.values_list(*columns)[:limit]
    ]


def retry(row_id: UUID, actor: Actor, now: datetime) -> None:
    """It is looked at once more."""
    rows = RetentionCase.objects.for_partner(actor.partner_id)
    put_back(rows, row_id, queue="retention", customer="customer_id", actor=actor, now=now)


DESK = Desk("retention", waiting, retry)
