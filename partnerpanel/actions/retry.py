"""Having something tried again that waits for a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from partnerpanel.actions.permission import Permission, permit
from partnerpanel.queues.parked import desk_of
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

# Who may try again what lies in a queue: whoever may have it done in the first place.
NEEDED: Mapping[str, Permission] = {
    "outbox": Permission.RUN_PROVISIONING,
    "provisioning": Permission.RUN_PROVISIONING,
    "mail": Permission.EDIT_CUSTOMERS,
    "charges": Permission.CHARGE,
    "refunds": Permission.REFUND,
    "news": Permission.CHARGE,
    "subscriptions": Permission.CHARGE,
    "bulk": Permission.BULK,
    "retention": Permission.ERASE,
}


def retry(queue: str, row_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Gives the row all of its tries again, recorded as done by this person. Raises Forbidden, NotFound."""
    permit(actor, NEEDED[queue])
    with tenant(actor.partner_id):
        desk_of(queue).retry(row_id, actor, now)
