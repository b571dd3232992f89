"""Refunds whose outcome a person has to find out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from billing.refunds.models import Refund
from billing.refunds.states import OPEN
from partnerpanel.events.retry import put_back
from partnerpanel.queues.parked import Desk, ParkedLine
from partnerpanel.tenancy.actor import Actor


def waiting(partner_id: UUID, limit: int) -> list[ParkedLine]:
    """By the number of the credit note; what pays a balance out has none."""
    rows = Refund.objects.for_partner(partner_id).filter(parked_at__isnull=False, status__in=OPEN)
    return [
        ParkedLine(row.pk, row.customer_id, row.credit_note.label if row.credit_note else "", row.last_error, parked_at)
        for row in rows.select_related("credit_note").order_by("parked_at", "pk")[:limit]
        if (parked_at := row.parked_at)
    ]


def retry(row_id: UUID, actor: Actor, now: datetime) -> None:
    """The gateway is looked up, and asked once more under the same key where it knows of none: never a new refund."""
    rows = Refund.objects.for_partner(actor.partner_id).filter(status__in=OPEN)
    put_back(rows, row_id, queue="refunds", customer="customer_id", actor=actor, now=now)


DESK = Desk("refunds", waiting, retry)
