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
from partnerpanel.tenancy.prepared import kept
from partnerpanel.tenancy.scope import tenant

# Which of partner, business time, system's time and the end of the longest lease each parameter of a queue is: to know
# whether it is ready, and when more falls due.
READY, LATER = (0, 1, 2, 3), (0, 1)


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


def waiting(partner_id: UUID, now: datetime, *, but: frozenset[str] = frozenset()) -> Waiting:
    """How things stand at this business time in the queues that go by it; those of the names `but` are not asked what
    is ready."""
    queues = tuple(queue for queue in all_queues() if not queue.system_clock)
    asks = tuple((queue, queue.name not in but) for queue in queues)
    system_at = system_now()
    asked = (partner_id, now, system_at, system_at + LONGEST_LEASE)
    with tenant(partner_id), connection.cursor() as cursor:
        order = [one for _, asks_ready in asks for one in (*(READY if asks_ready else ()), *LATER)]
        cursor.execute(kept(_statement(asks), len(order)), [asked[one] for one in order])
        found = {name: (is_ready, next_at) for name, is_ready, next_at in cursor.fetchall()}
    ready = tuple(queue for queue in queues if found[queue.name][0])
    return Waiting(ready, tuple((queue, at) for queue in queues if (at := found[queue.name][1]) is not None))


@lru_cache(maxsize=4)
def _statement(asks: tuple[tuple[Queue, bool], ...]) -> str:
    ready = sql.SQL(
        "EXISTS (SELECT FROM {table} WHERE partner_id = %s AND due_at <= %s"
        " AND parked_at IS NULL AND (leased_until IS NULL OR leased_until < %s OR leased_until > %s))"
    )
    row = sql.SQL(
        "SELECT {name}, {ready},"
        " (SELECT min(due_at) FROM {table} WHERE partner_id = %s AND due_at > %s AND parked_at IS NULL)"
    )
    rows = []
    for queue, asks_ready in asks:
        table = sql.Identifier(queue.model._meta.db_table)
        is_ready = ready.format(table=table) if asks_ready else sql.SQL("false")
        rows.append(row.format(name=sql.Literal(queue.name), table=table, ready=is_ready))
    with connection.cursor() as cursor:
        text: str = sql.SQL(" UNION ALL ").join(rows).as_string(cursor.cursor)
    return text
