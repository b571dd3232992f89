"""Two tasks for everything: look for partners with something due, and work through one partner's due rows."""

from __future__ import annotations

import time
from uuid import UUID

from celery import shared_task
from django.conf import settings

from partnerpanel.kernel.clock import system_now
from partnerpanel.queues import wake
from partnerpanel.queues.functions import due_partners
from partnerpanel.queues.registry import queue_named
from partnerpanel.queues.stopping import is_stopping
from partnerpanel.tenancy.clocks import business_now_of

# A task gives its worker back long before the limit; what is left is woken again.
SECONDS_AT_A_TIME = 15.0


@shared_task
def sweep(*, queue: str, **_: object) -> int:
    """Wakes a worker for every partner with something due in the queue; returns how many."""
    partners = due_partners(queue, now=system_now())
    for partner_id in partners:
        wake.publish(queue, partner_id)
    return len(partners)


@shared_task
def drain(*, queue: str, partner_id: str, **_: object) -> int:
    """Works through what is due for the partner, batch by batch; returns how many rows it took."""
    return drain_partner(queue, UUID(partner_id), seconds=min(SECONDS_AT_A_TIME, settings.CELERY_TASK_SOFT_TIME_LIMIT))


def drain_partner(queue: str, partner_id: UUID, *, seconds: float) -> int:
    """The same without Celery: for tests, commands, and a twin whose clock is moved."""
    until, worked = time.monotonic() + seconds, 0
    while batch := queue_named(queue).drain(partner_id, business_now_of(partner_id)):
        worked += batch
        if time.monotonic() >= until or is_stopping():
            wake.publish(queue, partner_id)
            break
    return worked
