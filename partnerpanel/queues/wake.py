"""Waking a worker: best effort, after the commit, never in the way. The sweep finds what a lost wake-up left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from uuid import UUID

import structlog
from celery import current_app
from django.db import transaction
from prometheus_client import Counter, Gauge

from partnerpanel.queues.registry import queue_named

log = structlog.get_logger(__name__)

# A dead broker costs seconds per publish, so after a failure nobody asks it again for a while.
SECONDS_OPEN = 30.0


FAILURES = Counter("partnerpanel_broker_failures", "Wake-ups that the broker did not take")
# Until when, in Unix time, some process leaves the broker alone: the circuit is open while that is in the future.
OPEN_UNTIL = Gauge(
    "partnerpanel_broker_circuit_open_until", "Unix time until which it is left alone", multiprocess_mode="max"
)


class _Circuit:
    """Until when this process leaves the broker alone."""

    closed_until = 0.0


# The queues of which nobody was told, while nobody is.
_untold: ContextVar[set[str] | None] = ContextVar("untold", default=None)


def wake(queue: str, partner_id: UUID) -> None:
    """After the open transaction commits, tells a worker that this partner has work in the queue.

    Of a queue that goes by the system's clock workers are told also while a test clock is moved.
    """
    untold = _untold.get()
    if untold is not None and not queue_named(queue).system_clock:
        untold.add(queue)
    else:
        transaction.on_commit(partial(publish, queue, partner_id), robust=True)


def is_quiet() -> bool:
    """Whether this is such a command, or a test clock's move: what it does is not the installation's daily work."""
    return _untold.get() is not None


def take_untold() -> set[str]:
    """The queues that would have been woken since this was asked last; none outside of `nobody_woken`."""
    untold = _untold.get()
    taken = set(untold or ())
    if untold:
        untold.clear()
    return taken


@contextmanager
def nobody_woken() -> Iterator[None]:
    """For a command that does the work that it makes: until the block ends, workers are not told of it."""
    token = _untold.set(set())
    try:
        yield
    finally:
        _untold.reset(token)


def publish(queue: str, partner_id: UUID) -> None:
    """Sends the wake-up now; with a dead broker it only logs, and for a while does not even try."""
    if time.monotonic() < _Circuit.closed_until:
        return
    try:
        current_app.send_task(
            "partnerpanel.queues.tasks.drain",
            kwargs={"queue": queue, "partner_id": str(partner_id)},
            queue=queue_named(queue).workers,
            retry=False,
            expires=600,
        )
    except Exception as error:  # noqa: BLE001 no broken broker may fail the work that woke it
        _Circuit.closed_until = time.monotonic() + SECONDS_OPEN
        FAILURES.inc()
        OPEN_UNTIL.set(time.time() + SECONDS_OPEN)
        log.warning("broker_unreachable", queue=queue, partner_id=str(partner_id), error=type(error).__name__)
