"""Events that a consumer could not take, waiting for a person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.events.models import Outbox
from partnerpanel.events.retry import put_back
from partnerpanel.queues.parked import Desk, ParkedLine
from partnerpanel.tenancy.actor import Actor


def waiting(partner_id: UUID, limit: int) -> list[ParkedLine]:
    """By consumer and kind of event."""
    rows = Outbox.objects.for_partner(partner_id).filter(parked_at__isnull=False).select_related("event")
    return [
        ParkedLine(row.pk, row.event.customer_id, f"{row.consumer}: {row.event.kind}", row.last_error, row.parked_at)
        for row in rows.order_by("parked_at", "pk")[:limit]
        if row.parked_at
    ]


def retry(row_id: UUID, actor: Actor, now: datetime) -> None:
    """It is handed to its consumer once more; consumers take a repeat without harm."""
    rows = Outbox.objects.for_partner(actor.partner_id)
    put_back(rows, row_id, queue="outbox", customer="event__customer_id", actor=actor, now=now)


DESK = Desk("outbox", waiting, retry)
