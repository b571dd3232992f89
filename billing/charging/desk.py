"""Charges whose outcome a person has to find out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from billing.charging.models import PaymentAttempt
from partnerpanel.events.retry import put_back
from partnerpanel.queues.parked import Desk, ParkedLine
from partnerpanel.tenancy.actor import Actor


def waiting(partner_id: UUID, limit: int) -> list[ParkedLine]:
    """By the number of the invoice."""
    rows = PaymentAttempt.objects.for_partner(partner_id).filter(parked_at__isnull=False, settled_at=None)
    return [
        ParkedLine(row.pk, row.customer_id, row.invoice.label, row.last_error, row.parked_at)
        for row in rows.select_related("invoice").order_by("parked_at", "pk")[:limit]
        if row.parked_at
    ]


def retry(row_id: UUID, actor: Actor, now: datetime) -> None:
    """The gateway is asked once more under the same key, or only looked up there: never a new charge."""
    rows = PaymentAttempt.objects.for_partner(actor.partner_id).filter(settled_at=None)
    put_back(rows, row_id, queue="charges", customer="customer_id", actor=actor, now=now)


DESK = Desk("charges", waiting, retry)
