"""A thread of each process that stays: it looks after beat, so that no request and no task waits for that."""

from __future__ import annotations

import threading
from typing import Any

import structlog
from django.db import connection

from partnerpanel.kernel.clock import system_now
from partnerpanel.operations.watch import watch

log = structlog.get_logger(__name__)

SECONDS = 30.0


def start_watcher(**_: Any) -> threading.Thread:
    """Looks every SECONDS for as long as the process lives. Also a receiver of Celery's `worker_ready`."""
    thread = threading.Thread(target=_go_on, name="watcher", daemon=True)
    thread.start()
    return thread


def _go_on() -> None:
    pause = threading.Event()
    while not pause.wait(SECONDS):
        look()


def look() -> None:
    """Once; without a database it says so and leaves the next try to the next turn."""
    try:
        watch(now=system_now())
    except Exception as error:  # noqa: BLE001 the thread must go on whatever happens
        log.warning("beat_not_watched", error=type(error).__name__)
    finally:
        connection.close()
