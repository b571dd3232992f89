"""Tasks for everything: look for partners with something due, work through one partner's due rows, and at night let
go of what is old."""

from __future__ import annotations

import time
from uuid import UUID

from celery import shared_task
from django.conf import settings

from partnerpanel.kernel.clock import system_now
from partnerpanel.queues import purging, wake
from partnerpanel.queues.functions import due_partners
from partnerpanel.queues.registry import queue_named
from partnerpanel.queues.stopping import is_stopping
from partnerpanel.tenancy.clocks import business_now_of
from partnerpanel.tenancy.models import Partner

PURGING_SECONDS = 15.0


@shared_task
def sweep(*, queue: str, **_: object) -> int:
    """Wakes a worker for every partner with something due in the queue; returns how many."""
    partners = due_partners(queue, now=system_now())
    for partner_id in partners:
        wake.publish(queue, partner_id)
    return len(partners)


@shared_task
def drain(*, queue: str, partner_id: str, **_: object) -> int:
    """Works through what is due for the partner, batch by batch; returns how many rows it took.

    It gives its worker back long before the limit; what is left is woken again.
    """
    turn = min(queue_named(queue).turn, settings.CELERY_TASK_SOFT_TIME_LIMIT)
    return drain_partner(queue, UUID(partner_id), seconds=turn)


def drain_partner(queue: str, partner_id: UUID, *, seconds: float) -> int:
    """The same without Celery: for tests, commands, and a twin whose clock is moved."""
    until, worked = time.monotonic() + seconds, 0
    while batch := queue_named(queue).drain(partner_id, business_now_of(partner_id)):
        worked += batch
        if time.monotonic() >= until or is_stopping():
            wake.publish(queue, partner_id)
            break
    return worked


@shared_task
def purge_everybody(**_: object) -> int:
    """Has the old rows of every partner deleted; returns how many partners."""
    partners = list(Partner.objects.order_by("pk").values_list("pk", flat=True))
    for partner_id in partners:
        purge.apply_async(kwargs={"partner_id": str(partner_id)}, queue="bulk", expires=3600)
    return len(partners)


@shared_task
def purge(*, partner_id: str, **_: object) -> int:
    """Deletes one partner's old rows; returns how many."""
    return purging.purge_partner(UUID(partner_id), seconds=PURGING_SECONDS)
