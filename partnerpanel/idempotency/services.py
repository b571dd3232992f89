"""Claiming a request, telling what it did, and keeping its answer.

Whoever is killed loses its hold after a while. If it had acted, that stands in the row, since both were one
transaction, and the answer is made anew from what is there; if it had not, the next one runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from partnerpanel.events.drafts import EventDraft
from partnerpanel.idempotency.models import KeptRequest
from partnerpanel.kernel.errors import Conflict, DomainError
from partnerpanel.tenancy.scope import tenant

HELD_FOR = timedelta(seconds=45)
KEY_LENGTH = 255


class KeyReused(DomainError):
    """An `Idempotency-Key` that stands for another request already."""

    code = "idempotency_key_reused"


class RequestInProgress(Conflict):
    """The same request is being answered just now; ask again in a moment."""

    code = "request_in_progress"


class HoldLost(Conflict):
    """Somebody else went on with this request while it was too slow; nothing was written."""

    code = "request_taken_over"


@dataclass(frozen=True, slots=True)
class Answered:
    """What it was answered."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Acted:
    """What it did, without an answer: whoever did it was interrupted after."""

    action_id: UUID
    object_type: str
    object_id: UUID


@dataclass(frozen=True, slots=True)
class Claimed:
    """It is this one's to run."""

    partner_id: UUID
    id: UUID
    holder: UUID


def claim(partner_id: UUID, key: str, *, fingerprint: str, at: datetime) -> Claimed | Answered | Acted:
    """In a scope of its own; `at` is the system's time. Raises KeyReused, RequestInProgress."""
    holder = uuid4()
    with tenant(partner_id):
        new = KeptRequest(partner_id=partner_id, key=key, fingerprint=fingerprint, created_at=at)
        new.holder, new.held_until = holder, at + HELD_FOR
        KeptRequest.objects.bulk_create([new], ignore_conflicts=True)
        row = KeptRequest.objects.for_partner(partner_id).select_for_update().get(key=key)
        if row.holder == holder and row.pk == new.pk:
            return Claimed(partner_id, row.pk, holder)
        if row.fingerprint != fingerprint:
            message = "This key was used for another request. Use a new key, or send the same request again."
            raise KeyReused(message, field="Idempotency-Key")
        if row.status is not None:
            return Answered(row.status, row.body)
        if row.held_until is not None and row.held_until > at:
            left = max(1, round((row.held_until - at).total_seconds()))
            raise RequestInProgress("The same request is being answered just now.", retry_after=min(left, 2))
        if row.action_id is not None and row.object_id is not None:
            return Acted(row.action_id, row.object_type, row.object_id)
        row.holder, row.held_until = holder, at + HELD_FOR
        row.save(update_fields=["holder", "held_until"])
        return Claimed(partner_id, row.pk, holder)


def note_action(claimed: Claimed, action_id: UUID, drafts: Sequence[EventDraft]) -> None:
    """Writes what the request did, in the transaction that did it. Raises HoldLost where it is another's by now."""
    first = drafts[0]
    mine = KeptRequest.objects.filter(partner_id=claimed.partner_id, pk=claimed.id, holder=claimed.holder)
    if not mine.update(action_id=action_id, object_type=first.object_type, object_id=first.object_id):
        raise HoldLost("This request took too long and was taken over. Send it again with the same key.")


def keep_answer(claimed: Claimed, *, status: int, body: str) -> None:
    """In a scope of its own."""
    with tenant(claimed.partner_id):
        mine = KeptRequest.objects.filter(partner_id=claimed.partner_id, pk=claimed.id, holder=claimed.holder)
        mine.update(status=status, body=body, held_until=None)


def let_go(claimed: Claimed) -> None:
    """No answer is kept: what has done nothing may be tried again at once, and what has acted is answered anew."""
    with tenant(claimed.partner_id):
        mine = KeptRequest.objects.filter(partner_id=claimed.partner_id, pk=claimed.id, holder=claimed.holder)
        mine.filter(action_id=None).delete()
        mine.update(held_until=None)
