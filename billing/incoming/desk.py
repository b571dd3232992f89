"""News that nothing could be made of, for a person to look at."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from billing.incoming.models import GatewayNews
from billing.incoming.states import NewsState
from partnerpanel.events.retry import put_back
from partnerpanel.queues.parked import Desk, ParkedLine
from partnerpanel.tenancy.actor import Actor


def waiting(partner_id: UUID, limit: int) -> list[ParkedLine]:
    """By the gateway's word for them and its id of what they are about."""
    rows = GatewayNews.objects.for_partner(partner_id).filter(parked_at__isnull=False, state=NewsState.WAITING)
    return [
        ParkedLine(row.pk, None, f"{row.kind} {row.about}", row.last_error, row.parked_at)
        for row in rows.order_by("parked_at", "pk")[:limit]
        if row.parked_at
    ]


def retry(row_id: UUID, actor: Actor, now: datetime) -> None:
    """How it stands is looked up once more; nothing is settled twice."""
    rows = GatewayNews.objects.for_partner(actor.partner_id).filter(state=NewsState.WAITING)
    put_back(rows, row_id, queue="news", customer="", actor=actor, now=now)


DESK = Desk("news", waiting, retry)
