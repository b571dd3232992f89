"""Erasing customers: every personal column that no law keeps is cleared, in every table, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from customers.models import Customer
from customers.rules.erasure import ERASED, ErasureReason
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.personal.holdings import erase_rows
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import update_rows


def erasure_event(customer_id: UUID, version: int, reason: ErasureReason) -> EventDraft:
    """What is recorded of it; `version` is the customer's after it."""
    return EventDraft(ERASED, "customer", customer_id, version, customer_id, {"reason": reason.value})


def erase_customers(
    versions: Mapping[UUID, int], *, reason: ErasureReason, actor: Actor, action_id: UUID, now: datetime
) -> None:
    """Erases them in the open scope; `versions` are those they have, read under their lock.

    The caller has seen that nothing stands in the way. Logins go at the services once those were told; messages that
    wait are not sent any more.
    """
    if not versions:
        return
    erase_rows(actor.partner_id, versions.keys())
    rows = [(id_, now, version + 1) for id_, version in versions.items()]
    update_rows(Customer, partner_id=actor.partner_id, columns=["erased_at", "version"], rows=rows)
    drafts = [erasure_event(id_, version + 1, reason) for id_, version in versions.items()]
    record(drafts, actor=actor, action_id=action_id, now=now)
