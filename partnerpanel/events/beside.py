"""Something that is written beside the first events of what runs inside, in their transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from partnerpanel.events.drafts import EventDraft

Write = Callable[[UUID, Sequence[EventDraft]], None]


@dataclass(slots=True)
class _Waiting:
    partner_id: UUID
    write: Write
    is_done: bool = False


_waiting: ContextVar[_Waiting | None] = ContextVar("beside", default=None)


@contextmanager
def beside_first_events(partner_id: UUID, write: Write) -> Iterator[None]:
    """Calls `write` with the action and its events, once, when events of this partner are first recorded inside."""
    token = _waiting.set(_Waiting(partner_id, write))
    try:
        yield
    finally:
        _waiting.reset(token)


def recorded(partner_id: UUID, action_id: UUID, drafts: Sequence[EventDraft]) -> None:
    """Told by `record`, in its transaction."""
    waiting = _waiting.get()
    if waiting is not None and not waiting.is_done and drafts and waiting.partner_id == partner_id:
        waiting.is_done = True
        waiting.write(action_id, drafts)
