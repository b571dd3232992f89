"""Writing events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from partnerpanel.events.consumers import listening_to
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event, EventDetail, Outbox
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.actor import Actor

BATCH = 2_000


def record(drafts: Iterable[EventDraft], *, actor: Actor, action_id: UUID, now: datetime) -> list[Event]:
    """Writes events, their words and one outbox row per listening consumer, in the transaction that is open.

    Raises IntegrityError when an object's version is taken: somebody else changed it.
    """
    recorded_at = system_now()
    drafted = list(drafts)
    events = [
        Event(
            partner_id=actor.partner_id,
            kind=draft.kind,
            object_type=draft.object_type,
            object_id=draft.object_id,
            sequence=draft.sequence,
            customer_id=draft.customer_id,
            action_id=action_id,
            occurred_at=now,
            recorded_at=recorded_at,
            actor_kind=actor.kind,
            actor_id=actor.id,
            request_id=actor.request_id,
            data=dict(draft.data),
        )
        for draft in drafted
    ]
    Event.objects.bulk_create(events, batch_size=BATCH)
    details = [
        EventDetail(partner_id=actor.partner_id, event_id=event.pk, values=dict(draft.words))
        for event, draft in zip(events, drafted, strict=True)
        if draft.words
    ]
    EventDetail.objects.bulk_create(details, batch_size=BATCH)
    outbox = [
        Outbox(partner_id=actor.partner_id, event_id=event.pk, consumer=name, due_at=now)
        for event in events
        for name in listening_to(event.kind, event.data)
    ]
    Outbox.objects.bulk_create(outbox, batch_size=BATCH)
    if outbox:
        wake("outbox", actor.partner_id)
    return events
