"""That somebody was handed all that is kept of a customer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from customers.rules.erasure import EXPORTED
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor


def record_export(customer_id: UUID, *, actor: Actor, now: datetime) -> UUID:
    """Records it in the open scope; each is an object of its own, so that the customer's version stays. Its id."""
    id_ = uuid7()
    record([EventDraft(EXPORTED, "personal_data", id_, 1, customer_id)], actor=actor, action_id=uuid7(), now=now)
    return id_
