"""Carrying events to their consumers: claimed, handled and deleted in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q

from partnerpanel.events.consumers import consumer_named
from partnerpanel.events.models import Event, Outbox
from partnerpanel.events.queries import EVENTS
from partnerpanel.queues.rows import POSTPONED_COLUMNS, Batch, postpone
from partnerpanel.tenancy.scope import tenant

log = structlog.get_logger(__name__)

BATCH = 500
_DUE = Batch(Outbox.objects.all, limit=BATCH, beside={"event": EVENTS})
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]


def drain_outbox(
    partner_id: UUID, now: datetime, *, only: frozenset[str] = frozenset(), but: frozenset[str] = frozenset()
) -> int:
    """Hands one batch to its consumers; a row that fails does not take the others down.

    `only` are the names of consumers that it is for, `but` of those that somebody else sees to.
    """
    with tenant(partner_id):
        rows = (_share(only, but) if only or but else _DUE).lock(partner_id, now)
        if not rows:
            return 0
        by_consumer: defaultdict[str, list[Outbox]] = defaultdict(list)
        for row in rows:
            by_consumer[row.consumer].append(row)
        done = [row.pk for consumer, its_rows in by_consumer.items() for row in _delivered(consumer, its_rows, now)]
        Outbox.objects.filter(partner_id=partner_id, pk__among=done).delete()
    return len(rows)


@lru_cache
def _share(only: frozenset[str], but: frozenset[str]) -> Batch[Outbox]:
    wanted = Q(consumer__in=sorted(only)) if only else Q()
    rows = Outbox.objects.filter(wanted).exclude(consumer__in=sorted(but))
    return Batch(rows.all, limit=BATCH, beside={"event": EVENTS})


def _delivered(consumer: str, rows: Sequence[Outbox], now: datetime) -> list[Outbox]:
    """Those that the consumer is done with."""
    try:
        unfinished = _hand_over(consumer, [row.event for row in rows], now)
        return [row for row in rows if row.event_id not in unfinished]
    except Exception:
        log.exception("outbox_batch_failed", consumer=consumer, rows=len(rows))
        return [row for row in rows if _delivered_alone(consumer, row, now)]


def _delivered_alone(consumer: str, row: Outbox, now: datetime) -> bool:
    try:
        unfinished = _hand_over(consumer, [row.event], now)
    except Exception as error:  # noqa: BLE001 one row must not take the others down
        row.attempts += 1
        postpone(row, error=f"{type(error).__name__}: {error}", now=now, waits=WAITS)
        row.save(update_fields=POSTPONED_COLUMNS)
        return False
    return not unfinished


def _hand_over(consumer: str, events: Sequence[Event], now: datetime) -> Collection[UUID]:
    """The ids of those that come again."""
    with transaction.atomic():
        return consumer_named(consumer).handle(events, now) or ()
