"""Beat with a heartbeat: a row that says when it last ticked."""

from __future__ import annotations

import time
from typing import Any

import structlog
from celery.beat import PersistentScheduler
from django.db import connection

from partnerpanel.kernel.clock import system_now
from partnerpanel.operations.heartbeats import BEAT, seen

log = structlog.get_logger(__name__)

SECONDS = 10.0


class HeartbeatScheduler(PersistentScheduler):
    """Writes its row at most every SECONDS; a database that is away stops no tick."""

    _next = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> float:
        wait: float = super().tick(*args, **kwargs)
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + SECONDS
            _beat()
        return min(wait, SECONDS)


def _beat() -> None:
    try:
        seen(BEAT, now=system_now())
    except Exception as error:  # noqa: BLE001 waking workers matters more than saying so
        log.warning("heartbeat_not_written", error=type(error).__name__)
        connection.close()
