"""Reading the record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from partnerpanel.events.models import Event, EventDetail, Outbox
from partnerpanel.kernel.ids import first_of
from partnerpanel.tenancy.reads import Read

EVENTS = Read(lambda partner_id, ids: Event.objects.for_partner(partner_id).filter(pk__among=ids))

# Between an event's id and its instant lies no more: ids run ahead where many are made within a millisecond.
SLACK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline."""

    id: UUID
    kind: str
    object_type: str
    object_id: UUID
    sequence: int
    customer_id: UUID | None
    action_id: UUID
    occurred_at: datetime
    recorded_at: datetime
    actor_kind: str
    actor_id: UUID | None
    data: dict[str, Any]
    words: dict[str, str] = field(default_factory=dict)


def timeline(partner_id: UUID, customer_id: UUID, *, limit: int = 50, before: UUID | None = None) -> list[Entry]:
    """The customer's history, newest first; `before` pages on from the last event's id."""
    events = Event.objects.for_partner(partner_id).filter(customer_id=customer_id)
    if before is not None:
        last = events.filter(pk=before).values_list("occurred_at", "id").first()
        if last is not None:
            at, last_id = last
            events = events.filter(Q(occurred_at__lt=at) | Q(occurred_at=at, id__lt=last_id))
    return _entries(partner_id, list(events.order_by("-occurred_at", "-id")[:limit]))


def since(partner_id: UUID, customer_id: UUID, at: datetime) -> list[Entry]:
    """The customer's history from that instant on, in the order in which it happened."""
    events = Event.objects.for_partner(partner_id).filter(customer_id=customer_id, occurred_at__gte=at)
    return _entries(partner_id, list(events.order_by("occurred_at", "id")))


def happened(
    partner_id: UUID,
    since: datetime,
    *,
    customer_id: UUID | None = None,
    after: UUID | None = None,
    recorded: tuple[datetime, datetime] | None = None,
    limit: int,
) -> list[Entry]:
    """What happened to customers from that instant on, in order; `after` pages on from the last event's id.

    `recorded` leaves out what was not written down between two instants of the system's clock.
    """
    events = Event.objects.for_partner(partner_id).filter(occurred_at__gte=since, customer_id__isnull=False)
    if recorded is not None:
        events = events.filter(recorded_at__range=recorded)
    if customer_id is not None:
        events = events.filter(customer_id=customer_id)
    if after is not None:
        last = Event.objects.for_partner(partner_id).filter(pk=after).values_list("occurred_at", "id").first()
        if last is not None:
            at, last_id = last
            events = events.filter(Q(occurred_at__gt=at) | Q(occurred_at=at, id__gt=last_id))
    return _entries(partner_id, list(events.order_by("occurred_at", "id")[:limit]))


def of_action(partner_id: UUID, action_id: UUID, object_ids: Sequence[UUID] | None = None) -> list[Entry]:
    """Every change of one action, in the order in which it was written."""
    events = Event.objects.for_partner(partner_id).filter(action_id=action_id)
    if object_ids is not None:
        events = events.filter(object_id__in=object_ids)
    return _entries(partner_id, list(events.order_by("id")))


def of_action_on(partner_id: UUID, action_id: UUID, customer_ids: Collection[UUID]) -> list[Entry]:
    """Every change of one action that concerns these customers, in the order in which it was written."""
    events = Event.objects.for_partner(partner_id).filter(action_id=action_id, customer_id__in=customer_ids)
    return _entries(partner_id, list(events.order_by("id")))


def of_actions_on(partner_id: UUID, action_ids: Collection[UUID], customer_ids: Collection[UUID]) -> list[Entry]:
    """Every change of these actions that concerns these customers, in the order in which it was written."""
    events = Event.objects.for_partner(partner_id).filter(action_id__in=action_ids, customer_id__in=customer_ids)
    return _entries(partner_id, list(events.order_by("id")))


def by_ids(partner_id: UUID, event_ids: Collection[UUID]) -> dict[UUID, Entry]:
    """Those of the events that exist."""
    events = Event.objects.for_partner(partner_id).filter(pk__in=event_ids)
    return {entry.id: entry for entry in _entries(partner_id, list(events))}


def kinds_of_action(partner_id: UUID, action_id: UUID) -> set[str]:
    """Which kinds of events an action recorded."""
    events = Event.objects.for_partner(partner_id).filter(action_id=action_id)
    return set(events.order_by().values_list("kind", flat=True).distinct())


def later(partner_id: UUID, object_type: str, versions: Mapping[UUID, int]) -> dict[UUID, list[Entry]]:
    """By object, what happened to it after that version of it, in order."""
    if not versions:
        return {}
    events = Event.objects.for_partner(partner_id).filter(
        object_type=object_type, object_id__in=versions, sequence__gt=min(versions.values())
    )
    found: defaultdict[UUID, list[Entry]] = defaultdict(list)
    for entry in _entries(partner_id, list(events.order_by("sequence"))):
        if entry.sequence > versions[entry.object_id]:
            found[entry.object_id].append(entry)
    return dict(found)


def of_object(partner_id: UUID, object_type: str, object_id: UUID, *, limit: int, after: int = 0) -> list[Entry]:
    """The object's changes, newest first; `after` leaves out those up to that version."""
    events = Event.objects.for_partner(partner_id).filter(object_type=object_type, object_id=object_id)
    return _entries(partner_id, list(events.filter(sequence__gt=after).order_by("-sequence")[:limit]))


def of_objects(partner_id: UUID, object_type: str, object_ids: Collection[UUID]) -> list[Entry]:
    """The changes of these objects, in order."""
    if not object_ids:
        return []
    events = Event.objects.for_partner(partner_id).filter(object_type=object_type, object_id__in=object_ids)
    return _entries(partner_id, list(events.order_by("id")))


def recorded_between(
    partner_id: UUID, since: datetime, until: datetime, *, kinds: Collection[str], limit: int
) -> list[Event]:
    """Events of these kinds recorded from one instant of the system's clock to before another, the oldest first.

    Ids begin with the millisecond in which they were made, which narrows them without an index of their own.
    """
    events = Event.objects.for_partner(partner_id).filter(
        pk__gte=first_of(since - SLACK), pk__lt=first_of(until + SLACK)
    )
    found = events.filter(recorded_at__gte=since, recorded_at__lt=until, kind__in=kinds)
    return list(found.order_by("pk")[:limit])


def actions_of_customers(partner_id: UUID, customer_ids: Collection[UUID]) -> QuerySet[Event, Any]:
    """For a condition: the ids of actions that changed something of these customers."""
    return Event.objects.for_partner(partner_id).filter(customer_id__in=customer_ids).order_by().values("action_id")


def undelivered(partner_id: UUID) -> int:
    """Events that some consumer has not taken yet."""
    return Outbox.objects.for_partner(partner_id).count()


def _entries(partner_id: UUID, events: Sequence[Event]) -> list[Entry]:
    details = EventDetail.objects.for_partner(partner_id).filter(event__in=[event.pk for event in events])
    words = dict(details.values_list("event_id", "values"))
    return [
        Entry(
            id=event.pk,
            kind=event.kind,
            object_type=event.object_type,
            object_id=event.object_id,
            sequence=event.sequence,
            customer_id=event.customer_id,
            action_id=event.action_id,
            occurred_at=event.occurred_at,
            recorded_at=event.recorded_at,
            actor_kind=event.actor_kind,
            actor_id=event.actor_id,
            data=event.data,
            words=words.get(event.pk, {}),
        )
        for event in events
    ]
