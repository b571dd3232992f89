"""Giving a parked service account another try."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.actor import Actor
from subscriptions.models import ServiceAccount


def retry_account(account_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Makes the account due now with all of its tries, in the open scope. Raises NotFound."""
    rows = ServiceAccount.objects.for_partner(actor.partner_id).filter(pk=account_id, parked_at__isnull=False)
    row = rows.select_for_update(of=("self",)).select_related("subscription").first()
    if row is None:
        raise NotFound("No such account is waiting for a person.", field="account")
    row.version += 1
    rows.update(parked_at=None, attempts=0, due_at=now, leased_until=None, version=row.version)
    data = {"subscription": str(row.subscription_id)}
    customer_id = row.subscription.customer_id
    draft = EventDraft("service_account.retried", "service_account", row.pk, row.version, customer_id, data)
    record([draft], actor=actor, action_id=uuid7(), now=now)
    wake("provisioning", actor.partner_id)
