"""Waking a worker: best effort, after the commit, never in the way. The sweep finds what a lost wake-up left."""

from __future__ import annotations

import time
from functools import partial
from uuid import UUID

import structlog
from celery import current_app
from django.db import transaction

from partnerpanel.queues.registry import queue_named

log = structlog.get_logger(__name__)

# A dead broker costs seconds per publish, so after a failure nobody asks it again for a while.
SECONDS_OPEN = 30.0
_closed_until = 0.0


def wake(queue: str, partner_id: UUID) -> None:
    """After the open transaction commits, tells a worker that this partner has work in the queue."""
    transaction.on_commit(partial(publish, queue, partner_id), robust=True)


def publish(queue: str, partner_id: UUID) -> None:
    """Sends the wake-up now; with a dead broker it only logs, and for a while does not even try."""
    global _closed_until
    if time.monotonic() < _closed_until:
        return
    try:
        current_app.send_task(
            "partnerpanel.queues.tasks.drain",
            kwargs={"queue": queue, "partner_id": str(partner_id)},
            queue=queue_named(queue).workers,
            retry=False,
            expires=600,
        )
    except Exception as error:
        _closed_until = time.monotonic() + SECONDS_OPEN
        log.warning("broker_unreachable", queue=queue, partner_id=str(partner_id), error=type(error).__name__)
