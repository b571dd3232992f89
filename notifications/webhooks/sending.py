"""The threads that send: a worker hands them its messages and goes on, so a slow receiver holds one thread and no more.

Threads only talk to receivers. What came of it is written down by one more thread with a connection of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Condition
from typing import Generic, TypeVar

import structlog
from django.db import connections

log = structlog.get_logger(__name__)

THREADS = 96
Result = TypeVar("Result")


class Senders(Generic[Result]):
    """At most so many jobs at once; each result goes to its `settle`, one after the other."""

    def __init__(self, threads: int = THREADS) -> None:
        self._threads = threads
        self._busy, self._unsettled, self._changed = 0, 0, Condition()
        self._sending: ThreadPoolExecutor | None = None
        self._settling: ThreadPoolExecutor | None = None

    def room(self, *, seconds: float) -> int:
        """How many more can be taken, waiting for so long until one can."""
        with self._changed:
            self._changed.wait_for(lambda: self._busy < self._threads, seconds)
            return self._threads - self._busy

    def send(self, job: Callable[[], Result], settle: Callable[[Result], None]) -> None:
        """Begins it; raises nothing for what comes of it."""
        if self._sending is None or self._settling is None:  # made late, so that no thread is lost in a fork
            self._sending = ThreadPoolExecutor(self._threads, thread_name_prefix="webhooks")
            self._settling = ThreadPoolExecutor(1, thread_name_prefix="webhooks-settle")
        settling = self._settling
        with self._changed:
            self._busy += 1
            self._unsettled += 1
        self._sending.submit(job).add_done_callback(lambda done: self._sent(settling, done, settle))

    def wait(self, *, seconds: float) -> bool:
        """Until everything is sent and settled; False where that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: self._unsettled == 0, seconds)

    def _sent(self, settling: ThreadPoolExecutor, done: Future[Result], settle: Callable[[Result], None]) -> None:
        with self._changed:
            self._busy -= 1
            self._changed.notify_all()
        settling.submit(self._settle, done, settle)

    def _settle(self, done: Future[Result], settle: Callable[[Result], None]) -> None:
        """Whatever fails here leaves the message leased, and it is sent again with its id."""
        try:
            settle(done.result())
        except Exception:
            log.exception("webhook_not_settled")
        finally:
            with self._changed:
                is_last = self._unsettled == 1
            if is_last:
                connections.close_all()
            with self._changed:
                self._unsettled -= 1
                self._changed.notify_all()
