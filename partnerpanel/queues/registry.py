"""The queues there are: which table holds the work, which workers do it, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from partnerpanel.queues.rows import DueModel


@dataclass(frozen=True, slots=True)
class Queue:
    """`drain(partner_id, now)` works through one batch of what is due, in scopes of its own, and returns its size.

    `workers` is the Celery queue: money, mail, webhooks, bulk or default. `prefix` begins the public ids of its rows.
    `rests(partner_id)` says in the open scope whether its work waits on purpose. After a `turn` of so many seconds a
    worker goes on with another partner; what is left has its next turn behind them.

    A queue of the `system_clock` has `due_at` of that instead of business time. Workers drain it for test modes as they
    do for everybody, and moving a test clock leaves it alone.
    """

    name: str
    model: type[DueModel]
    workers: str
    drain: Callable[[UUID, datetime], int]
    prefix: str = "row"
    rests: Callable[[UUID], bool] | None = None
    turn: float = 15.0
    system_clock: bool = False


_queues: dict[str, Queue] = {}


def register(queue: Queue) -> None:
    """Called once by each app that has due work, when it is ready."""
    _queues[queue.name] = queue


def queue_named(name: str) -> Queue:
    """Raises KeyError for a queue that nobody registered."""
    return _queues[name]


def all_queues() -> list[Queue]:
    """By name."""
    return sorted(_queues.values(), key=lambda queue: queue.name)
