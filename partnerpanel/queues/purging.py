"""What old rows go at night: registered by the app that owns them, deleted batch by batch in scopes of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.stopping import is_stopping
from partnerpanel.tenancy.rows import TenantModel, TenantQuerySet
from partnerpanel.tenancy.scope import tenant

# Rows of one transaction.
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Purge:
    """Rows of `old(rows, before)` go; `rows` are the partner's, `before` is `kept_for` ago by the system's clock, and
    what `old` gives is in the order in which it goes."""

    name: str
    model: type[TenantModel]
    kept_for: timedelta
    old: Callable[[TenantQuerySet[Any], datetime], TenantQuerySet[Any]]

    def batch(self, partner_id: UUID, *, now: datetime) -> int:
        """Deletes one batch in a scope of its own; returns how many rows."""
        with tenant(partner_id):
            rows = self.model.objects.for_partner(partner_id)
            ids = list(self.old(rows, now - self.kept_for).values_list("pk", flat=True)[:BATCH])
            if ids:
                rows.filter(pk__in=ids).delete()
            return len(ids)


_purges: dict[str, Purge] = {}


def register(purge: Purge) -> None:
    """Called once by each app that has rows which grow old, when it is ready."""
    _purges[purge.name] = purge


def purge_partner(partner_id: UUID, *, seconds: float) -> int:
    """Deletes what is old of everything, for so long at most; how many rows. What is left goes the next night."""
    now, until, gone = system_now(), time.monotonic() + seconds, 0
    for purge in _purges.values():
        while batch := purge.batch(partner_id, now=now):
            gone += batch
            if time.monotonic() >= until or is_stopping():
                return gone
            if batch < BATCH:
                break
    return gone
