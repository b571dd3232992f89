"""What was used of allowances, told by the service or by people."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.actions.permission import Permission, permit
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.usage import usage_record_of
from subscriptions.services import usage


def record_usage(
    subscription_id: UUID, *, allowance: str, amount: int, key: str, used_at: datetime, actor: Actor, now: datetime
) -> UUID:
    """The record's id, the same for the same record.

    Raises Forbidden, NotFound, InvalidUsage, UsageKeyReused.
    """
    permit(actor, Permission.EDIT_CUSTOMERS)
    with tenant(actor.partner_id):
        usage.record_usage(
            subscription_id, allowance=allowance, amount=amount, key=key, used_at=used_at, actor=actor, now=now
        )
        return usage_record_of(actor.partner_id, subscription_id, key)
