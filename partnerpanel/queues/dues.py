"""What waits in a partner's queues, asked in one query: through the ORM, building it would take longer than it does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db import connection
from psycopg2 import sql

from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.registry import Queue, all_queues
from partnerpanel.queues.rows import LONGEST_LEASE
from partnerpanel.tenancy.scope import tenant

# Which of partner, business time, system's time and the end of the longest lease each parameter of one queue is.
ORDER = (0, 1, 2, 3, 0, 1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """`ready` are the queues in which something may be taken now, by name; `later` when more falls due in each."""

    ready: tuple[Queue, ...]
    later: tuple[tuple[Queue, datetime], ...]

    @property
    def next_at(self) -> datetime | None:
        """When more falls due in any of them."""
        return min((at for _, at in self.later), default=None)

    def due_by(self, instant: datetime) -> list[Queue]:
        """Those in which more falls due until then."""
        return [queue for queue, at in self.later if at <= instant]


def waiting(partner_id: UUID, now: datetime) -> Waiting:
    """How things stand in the queues at this business time."""
    queues = tuple(all_queues())
    system_at = system_now()
    asked = (partner_id, now, system_at, system_at + LONGEST_LEASE)
    with tenant(partner_id), connection.cursor() as cursor:
        cursor.execute(_statement(queues), [asked[one] for one in ORDER] * len(queues))
        found = {name: (is_ready, next_at) for name, is_ready, next_at in cursor.fetchall()}
    ready = tuple(queue for queue in queues if found[queue.name][0])
    return Waiting(ready, tuple((queue, at) for queue in queues if (at := found[queue.name][1]) is not None))


@lru_cache(maxsize=4)
def _statement(queues: tuple[Queue, ...]) -> str:
    row = sql.SQL(
        "SELECT {name}, EXISTS (SELECT FROM {table} WHERE partner_id = %s AND due_at <= %s"
        " AND parked_at IS NULL AND (leased_until IS NULL OR leased_until < %s OR leased_until > %s)),"
        " (SELECT min(due_at) FROM {table} WHERE partner_id = %s AND due_at > %s AND parked_at IS NULL)"
    )
    rows = [
        row.format(name=sql.Literal(queue.name), table=sql.Identifier(queue.model._meta.db_table)) for queue in queues
    ]
    with connection.cursor() as cursor:
        text: str = sql.SQL(" UNION ALL ").join(rows).as_string(cursor.cursor)
    return text
