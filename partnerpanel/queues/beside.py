"""A second process beside the one that moves a clock: it does what nothing else waits for, so that both cores work.

In earnest other workers do that anyway. Here each has to be told the instant, since the clock goes on meanwhile.
"""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from uuid import UUID

from django.db import connections

from partnerpanel.queues.registry import Queue
from partnerpanel.tenancy.prepared import replan

Drain = Callable[[UUID, datetime], int]
# So many instants may wait for the helper before the clock waits for it.
MOST_BEHIND = 2


class HelperFailed(RuntimeError):
    """What the helper was about could not be done; what it had committed stays."""


@dataclass(frozen=True, slots=True)
class Shares:
    """What the helper does of queues, by their names, and what of the same queues is done where the clock is moved."""

    theirs: Mapping[str, Drain]
    ours: Mapping[str, Drain]


class Helper:
    """`take` leaves it an instant to work through, one after the other; `wait` returns when it is done with all."""

    def __init__(self, shares: Shares, line: Connection) -> None:
        self.shares, self._line, self._behind = shares, line, 0

    def has(self, queue: Queue) -> bool:
        """Whether it has a share in a queue."""
        return queue.name in self.shares.theirs

    def drain_of(self, queue: Queue) -> Drain:
        """What is done here of a queue."""
        return self.shares.ours.get(queue.name, queue.drain)

    def take(self, now: datetime) -> None:
        """Raises HelperFailed, for any instant before, as `wait` does."""
        while self._behind >= MOST_BEHIND:
            self._answer()
        self._line.send(now)
        self._behind += 1

    def wait(self) -> None:
        while self._behind:
            self._answer()

    def _answer(self) -> None:
        try:
            failure = self._line.recv()
        except EOFError:
            failure = "it has ended"
        if failure:
            raise HelperFailed(failure)
        self._behind -= 1


_helper: ContextVar[Helper | None] = ContextVar("helper", default=None)


def helper_beside() -> Helper | None:
    """Whoever helps in this block."""
    return _helper.get()


@contextmanager
def helped(partner_id: UUID, shares: Shares) -> Iterator[Helper]:
    """Until the block ends there is a helper, a copy of this process with connections of its own; it ends with it.

    What this process has said of its transactions holds there, too. Not inside a transaction: it would see nothing.
    """
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_help, args=(ours, theirs, partner_id, shares), daemon=True)
    process.start()
    theirs.close()
    helper = Helper(shares, ours)
    token = _helper.set(helper)
    try:
        yield helper
        helper.wait()
    finally:
        _helper.reset(token)
        # Its line has ended, and so does it.
        ours.close()
        process.join()


def _help(ours: Connection, line: Connection, partner_id: UUID, shares: Shares) -> None:
    ours.close()
    for alias in connections:
        # Not closed: the session at the other end belongs to the process that this one is a copy of.
        connections[alias].connection = None
    done, planned = 0, 1
    try:
        while True:
            line.send(_done(line.recv(), partner_id, shares))
            done += 1
            if done > 2 * planned:
                replan()
                planned = done
    except (EOFError, BrokenPipeError):
        connections.close_all()


def _done(now: datetime, partner_id: UUID, shares: Shares) -> str:
    """Works until nothing is left at that instant; what went wrong, or nothing."""
    try:
        while sum(drain(partner_id, now) for drain in shares.theirs.values()):
            pass
    except Exception:  # noqa: BLE001 whoever waits for it is told
        return traceback.format_exc()
    return ""
