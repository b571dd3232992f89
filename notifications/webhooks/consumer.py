"""Hears of every event and plans one message for each endpoint that wants it; it is written when it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from notifications.webhooks.models import WebhookDelivery, WebhookEndpoint
from notifications.webhooks.rules.topics import TOPICS, hears
from partnerpanel.events.consumers import Consumer, Foreseen
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.bulk import insert_rows
from partnerpanel.tenancy.reads import Read

QUEUE = "webhooks"
COLUMNS = ("id", "endpoint", "event", "kind", "object_type", "object_id", "sequence", "created_at", "due_at")

_ON = Read(
    lambda partner_id: (
        WebhookEndpoint.objects.for_partner(partner_id)
        .filter(disabled_at=None, removed_at=None)
        .values_list("pk", "kinds")
    )
)


def handle(events: Sequence[Event], _now: datetime) -> None:
    """A second delivery of an event changes nothing: an endpoint hears of each event by one message."""
    partner_id = events[0].partner_id
    plan_messages(partner_id, sorted(events, key=lambda event: event.pk), _ON(partner_id))


def plan_messages(partner_id: UUID, events: Sequence[Event], endpoints: Sequence[tuple[UUID, list[str]]]) -> int:
    """Messages about these events to those of the endpoints that hear of them and have none yet; how many it made."""
    at = system_now()
    rows = [
        (uuid7(), endpoint_id, event.pk, event.kind, event.object_type, event.object_id, event.sequence, at, at)
        for event in events
        for endpoint_id, kinds in endpoints
        if hears(kinds, event.kind)
    ]
    made = insert_rows(WebhookDelivery, partner_id=partner_id, columns=COLUMNS, rows=rows, ignore_conflicts=True)
    if made:
        wake(QUEUE, partner_id)
    return len(made)


def foresee(_drafts: Sequence[EventDraft]) -> list[Foreseen]:
    """A quote names the events themselves; who is told of them is no part of what somebody confirms."""
    return []


def has_endpoints(partner_id: UUID) -> bool:
    """In the open scope."""
    return bool(_ON(partner_id))


CONSUMER = Consumer(name="webhooks", kinds=TOPICS, handle=handle, foresee=foresee, only_of=has_endpoints)
