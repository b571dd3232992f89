"""How the installation fares, in numbers: what an operator's monitoring reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from partnerpanel.operations.heartbeats import BEAT, SWEEP, last_seen, patience
from partnerpanel.operations.queries.sql.functions import QueueHealth, partners_not_charging, queue_health
from partnerpanel.operations.readiness import broker_state
from partnerpanel.operations.rules.silence import is_silent


@dataclass(frozen=True, slots=True)
class Health:
    """As it was at `now`."""

    now: datetime
    seen: Mapping[str, datetime]
    queues: Mapping[str, QueueHealth]
    broker: str
    stopped_everywhere: bool
    stopped_partners: int

    @property
    def is_beat_silent(self) -> bool:
        """Also where it was never seen at all."""
        at = self.seen.get(BEAT)
        return at is None or is_silent(at, now=self.now, patience=patience())

    def age(self, at: datetime | None) -> float | None:
        """Seconds since then."""
        return None if at is None else round((self.now - at).total_seconds(), 3)


def look(*, now: datetime) -> Health:
    """Raises the database's errors: without it there is nothing to say."""
    return Health(
        now, last_seen(), queue_health(now=now), broker_state(), settings.CHARGING_STOPPED, partners_not_charging()
    )


def as_document(health: Health) -> dict[str, Any]:
    """What `/health` answers; ages are seconds."""
    fine = health.broker == "ok" and not health.is_beat_silent
    outbox = health.queues.get("outbox")
    return {
        "status": "ok" if fine else "degraded",
        "at": _text(health.now),
        "broker": health.broker,
        "beat": {
            "silent": health.is_beat_silent,
            "last_tick_at": _text(health.seen.get(BEAT)),
            "age": health.age(health.seen.get(BEAT)),
        },
        "outbox_age": health.age(outbox.oldest_at if outbox else None),
        "charging": {
            "stopped_everywhere": health.stopped_everywhere,
            "partners_stopped": health.stopped_partners,
        },
        "queues": {name: _queue(health, name, queue) for name, queue in sorted(health.queues.items())},
    }


def _queue(health: Health, name: str, queue: QueueHealth) -> dict[str, Any]:
    swept_at = health.seen.get(SWEEP + name)
    return {
        "due": queue.due,
        "oldest_due_at": _text(queue.oldest_at),
        "oldest_age": health.age(queue.oldest_at),
        "parked": queue.parked,
        "expired_leases": queue.expired,
        "last_sweep_at": _text(swept_at),
        "last_sweep_age": health.age(swept_at),
    }


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")
