"""Choosing the card that is charged for one subscription alone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.tenancy.actor import Actor
from subscriptions.models import Subscription


def choose_card(
    subscription_ids: Collection[UUID], card_id: UUID | None, *, actor: Actor, action_id: UUID, now: datetime
) -> int:
    """In the open scope, under the locks of the customers, who have the card; None is their default. How many were on
    another one."""
    rows = Subscription.objects.for_partner(actor.partner_id).select_for_update().filter(pk__in=subscription_ids)
    drafts = []
    for row in rows.order_by("pk"):
        if row.card_id == card_id:
            continue
        row.card_id, row.version = card_id, row.version + 1
        row.save(update_fields=["card_id", "version"])
        data = {"payment_method": str(card_id) if card_id else None}
        drafts.append(
            EventDraft("subscription.card_chosen", "subscription", row.pk, row.version, row.customer_id, data)
        )
    record(drafts, actor=actor, action_id=action_id, now=now)
    return len(drafts)
