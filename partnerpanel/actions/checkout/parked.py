"""Orders that nothing could be made of, for a person to look at."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.actions.checkout.models import Checkout
from partnerpanel.actions.checkout.worker import QUEUE
from partnerpanel.events.retry import put_back
from partnerpanel.queues.parked import Desk, ParkedLine
from partnerpanel.tenancy.actor import Actor


def waiting(partner_id: UUID, limit: int) -> list[ParkedLine]:
    """By how far they are."""
    rows = Checkout.objects.for_partner(partner_id).filter(parked_at__isnull=False).order_by("parked_at", "pk")
    return [
        ParkedLine(row.pk, row.customer_id, row.state, row.last_error, row.parked_at)
        for row in rows[:limit]
        if row.parked_at
    ]


def retry(row_id: UUID, actor: Actor, now: datetime) -> None:
    """It goes on where it stopped; nothing is bought or charged twice."""
    rows = Checkout.objects.for_partner(actor.partner_id)
    put_back(rows, row_id, queue=QUEUE, customer="customer_id", actor=actor, now=now)


DESK = Desk(QUEUE, waiting, retry)
