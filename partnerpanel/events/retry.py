"""Giving a parked row another try: the same for every queue, with an event that says who did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.rows import Work
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.actor import Actor

RETRIED = "work.retried"


def put_back(
    rows: QuerySet[Work],
    row_id: UUID,
    *,
    queue: str,
    customer: str,
    actor: Actor,
    now: datetime,
    also: Mapping[str, Any] | None = None,
) -> None:
    """Makes the row due now with all of its tries, in the open scope. Raises NotFound for one that does not wait.

    `customer` is the lookup of the customer whose timeline tells it, empty where there is none; `also` are columns that
    are written with it.
    """
    parked = rows.filter(partner_id=actor.partner_id, pk=row_id, parked_at__isnull=False)
    row = parked.select_for_update(of=("self",)).values_list("pk", customer or "pk").first()
    if row is None:
        raise NotFound("Nothing of this kind is waiting for a person.", field="id")
    parked.update(parked_at=None, attempts=0, due_at=now, leased_until=None, **(also or {}))
    data = {"queue": queue, "row": str(row_id)}
    draft = EventDraft(RETRIED, "retry", uuid7(), 1, row[1] if customer else None, data)
    record([draft], actor=actor, action_id=uuid7(), now=now)
    wake(queue, actor.partner_id)
