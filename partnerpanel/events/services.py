"""Writing events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from partnerpanel.events.beside import recorded
from partnerpanel.events.consumers import listening_to
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event, EventDetail, Outbox
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import insert_rows

COLUMNS = (
    "id",
    "kind",
    "object_type",
    "object_id",
    "sequence",
    "customer_id",
    "action_id",
    "occurred_at",
    "recorded_at",
    "actor_kind",
    "actor_id",
    "request_id",
    "data",
)


def record(drafts: Iterable[EventDraft], *, actor: Actor, action_id: UUID, now: datetime) -> None:
    """Writes events, their words and one outbox row per listening consumer, in the transaction that is open.

    Raises IntegrityError when an object's version is taken: somebody else changed it.
    """
    recorded_at, partner_id = system_now(), actor.partner_id
    drafted = [(uuid7(), draft) for draft in drafts]
    insert_rows(
        Event,
        partner_id=partner_id,
        columns=COLUMNS,
        rows=[
            (
                id_,
                draft.kind,
                draft.object_type,
                draft.object_id,
                draft.sequence,
                draft.customer_id,
                action_id,
                now,
                recorded_at,
                actor.kind,
                actor.id,
                actor.request_id,
                dict(draft.data),
            )
            for id_, draft in drafted
        ],
    )
    details = [(id_, dict(draft.words)) for id_, draft in drafted if draft.words]
    insert_rows(EventDetail, partner_id=partner_id, columns=["event", "values"], rows=details)
    listening = listening_to(partner_id) if drafted else []
    outbox = [(id_, one.name, now) for id_, draft in drafted for one in listening if one.hears(draft.kind, draft.data)]
    insert_rows(Outbox, partner_id=partner_id, columns=["event", "consumer", "due_at"], rows=outbox)
    recorded(partner_id, action_id, [draft for _id, draft in drafted])
    if outbox:
        wake("outbox", partner_id)
