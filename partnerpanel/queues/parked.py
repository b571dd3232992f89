"""Desks: where parked rows wait for a person, one for each queue, registered by the app that owns it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from partnerpanel.tenancy.actor import Actor


@dataclass(frozen=True, slots=True)
class ParkedLine:
    """A row that waits; `about` says in the app's own codes what it was to do, `error` why it could not."""

    id: UUID
    customer_id: UUID | None
    about: str
    error: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """`waiting(partner_id, limit)` lists the longest waiting first. `retry(row_id, actor, now)` gives a row all of its
    tries again and records who did; it raises NotFound for one that does not wait. Both run in the open scope."""

    queue: str
    waiting: Callable[[UUID, int], Sequence[ParkedLine]]
    retry: Callable[[UUID, Actor, datetime], None]


_desks: dict[str, Desk] = {}


def register(desk: Desk) -> None:
    """Called once for each queue whose rows can be parked."""
    _desks[desk.queue] = desk


def desk_of(queue: str) -> Desk:
    """Raises KeyError for a queue without one."""
    return _desks[queue]


def desks() -> list[Desk]:
    """By the name of their queue."""
    return [_desks[name] for name in sorted(_desks)]
