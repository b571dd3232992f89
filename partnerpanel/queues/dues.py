"""What waits in a partner's queues, asked in one query."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Value

from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.registry import Queue, all_queues
from partnerpanel.tenancy.scope import tenant


def ready_queues(partner_id: UUID, now: datetime) -> list[Queue]:
    """Those in which something may be taken now, by name."""
    free = Q(leased_until=None) | Q(leased_until__lt=system_now())
    found = _firsts(partner_id, free & Q(due_at__lte=now))
    return [queue for queue in all_queues() if queue.name in found]


def next_due(partner_id: UUID, *, after: datetime) -> datetime | None:
    """The next instant at which something of the partner is due."""
    return min(_firsts(partner_id, Q(due_at__gt=after)).values(), default=None)


def _firsts(partner_id: UUID, wanted: Q) -> dict[str, datetime]:
    """By the queue's name, the earliest of its rows that are wanted; queues without one are left out."""
    first, *others = [_first(queue, partner_id, wanted) for queue in all_queues()]
    with tenant(partner_id):
        return dict(first.union(*others, all=True))


def _first(queue: Queue, partner_id: UUID, wanted: Q) -> QuerySet[Any, Any]:
    rows = queue.model._default_manager.filter(wanted, partner_id=partner_id, parked_at=None)
    return rows.order_by("due_at").values_list(Value(queue.name), "due_at")[:1]
