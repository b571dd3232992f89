"""Hears of what a customer should be told and plans one message for each; it is written when it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from customers.queries.erased import erased_among
from notifications.letters import Occasion, write
from notifications.marketing.rules.topics import topic_of
from notifications.models import Message
from notifications.rules.kinds import KIND_OF_EVENT, ONCE_A_DAY, MessageKind, is_told, subscription_of
from partnerpanel.events.consumers import Consumer, Foreseen
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.bulk import insert_rows
from partnerpanel.tenancy.scope import current_partner
from subscriptions.queries.names import zones_of

NAME = "messages"
COLUMNS = ("id", "event", "kind", "topic", "customer", "once", "queued_at", "due_at")


def handle(events: Sequence[Event], now: datetime) -> None:
    """Plans the messages. The key of event, kind and customer lets a second delivery of an event change nothing.

    Nobody writes to somebody whose data is erased. Of the engine's own a subscription gets no second one of a kind on
    the same day, whatever is caught up on.
    """
    partner_id = events[0].partner_id
    in_order = sorted((event for event in events if is_told(event.kind, event.data)), key=lambda event: event.pk)
    known = [(event, event.customer_id) for event in in_order if event.customer_id is not None]
    erased = erased_among(partner_id, {customer_id for _, customer_id in known})
    told = [(event, customer_id) for event, customer_id in known if customer_id not in erased]
    # Ids made within one millisecond are in no order; the log and the queue want that of the events.
    ids = sorted(uuid7() for _ in told)
    days = _days(partner_id, in_order)
    messages = [
        (id_, event.pk, *_what(event), customer_id, days.get(event.pk, ""), now, now)
        for id_, (event, customer_id) in zip(ids, told, strict=True)
    ]
    if insert_rows(Message, partner_id=partner_id, columns=COLUMNS, rows=messages, ignore_conflicts=True):
        wake("mail", partner_id)


def _what(event: Event) -> tuple[MessageKind, str]:
    kind = KIND_OF_EVENT[event.kind]
    return kind, topic_of(kind, event.data)


def _days(partner_id: UUID, events: Sequence[Event]) -> dict[UUID, str]:
    """By event, the kind, subscription and local day of which there is one message; absent where each one counts."""
    found = {event.pk: subscription_of(KIND_OF_EVENT[event.kind], event.object_id, event.data) for event in events}
    zones = zones_of(partner_id, {id_ for id_ in found.values() if id_})
    keys = {}
    for event in events:
        kind, subscription_id = KIND_OF_EVENT[event.kind], found[event.pk]
        if kind in ONCE_A_DAY and subscription_id in zones:
            day = local_date(event.occurred_at, zones[subscription_id])
            keys[event.pk] = f"{kind}:{subscription_id}:{day}"
    return keys


def foresee(drafts: Sequence[EventDraft]) -> list[Foreseen]:
    """The mails that the drafts would make, written as the worker would write them now."""
    occasions = [
        Occasion(KIND_OF_EVENT[draft.kind], draft.customer_id, draft.object_id, draft.data, draft.words)
        for draft in drafts
        if draft.customer_id is not None and is_told(draft.kind, draft.data)
    ]
    begun = {one.object_id: UUID(one.data["plan"]) for one in drafts if one.kind == "subscription.created"}
    return [
        Foreseen(
            kind="mail",
            title=letter.text.subject,
            to=f"{letter.to_name} <{letter.to_address}>",
            object_id=letter.customer_id,
            body=letter.text.body,
        )
        for letter in write(current_partner(), occasions, begun=begun)
    ]


CONSUMER = Consumer(
    name=NAME,
    kinds=frozenset(KIND_OF_EVENT),
    handle=handle,
    foresee=foresee,
    foresees=frozenset({"subscription.created"}),
)
