"""Giving a parked service account another try."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.kernel.errors import NotFound
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.actor import Actor
from subscriptions.models import ServiceAccount


def retry_account(account_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Makes the account due now with all of its tries, in the open scope. Raises NotFound."""
    rows = ServiceAccount.objects.for_partner(actor.partner_id).filter(pk=account_id, parked_at__isnull=False)
    if not rows.update(parked_at=None, attempts=0, due_at=now, leased_until=None):
        raise NotFound("No such account is waiting for a person.", field="account")
    wake("provisioning", actor.partner_id)
