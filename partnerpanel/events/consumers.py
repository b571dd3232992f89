"""Who hears of an event: registered by each app, asked in the preview, fed by the outbox."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One thing a consumer would make of a drafted event.

    `kind` is `mail` or `step`; `title` its subject or what is done; `to` whom or what it concerns; `body` the
    rendered text of a mail.
    """

    kind: str
    title: str
    to: str
    object_id: UUID
    body: str = ""


@dataclass(frozen=True, slots=True)
class Consumer:
    """`handle` runs inside the partner's scope and only writes rows; a repeat changes nothing. It may return the ids of
    events that it has not finished: those come again, in another transaction.

    `foresee` runs inside the scope too and writes nothing; it also reads drafts of the kinds `foresees`. With
    `only_with` it hears of those events alone whose data has that key; with `only_of`, of those partners' events alone
    for which that says so.
    """

    name: str
    kinds: frozenset[str]
    handle: Callable[[Sequence[Event], datetime], Collection[UUID] | None]
    foresee: Callable[[Sequence[EventDraft]], list[Foreseen]]
    only_with: str = ""
    foresees: frozenset[str] = frozenset()
    only_of: Callable[[UUID], bool] | None = None

    def hears(self, kind: str, data: Mapping[str, Any]) -> bool:
        """Whether an event of this kind and data is for it."""
        return kind in self.kinds and (not self.only_with or self.only_with in data)


_consumers: dict[str, Consumer] = {}


def register(consumer: Consumer) -> None:
    """Called once by each app that listens, when it is ready."""
    _consumers[consumer.name] = consumer


def consumer_named(name: str) -> Consumer:
    return _consumers[name]


def listening_to(partner_id: UUID) -> list[Consumer]:
    """The consumers of this partner's events."""
    return [one for one in _consumers.values() if one.only_of is None or one.only_of(partner_id)]


def foresee(drafts: Sequence[EventDraft]) -> list[Foreseen]:
    """What all consumers would make of the drafts, in the order of registration."""
    found: list[Foreseen] = []
    for consumer in _consumers.values():
        heard = [draft for draft in drafts if draft.kind in consumer.foresees or consumer.hears(draft.kind, draft.data)]
        if heard:
            found.extend(consumer.foresee(heard))
    return found
