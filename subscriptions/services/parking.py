"""A subscription whose step fails again and again waits for a person, while all others go on."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from partnerpanel.queues.rows import POSTPONED_COLUMNS, postpone
from subscriptions.models import Subscription

WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]


def park(partner_id: UUID, subscription_id: UUID, *, error: str, now: datetime) -> None:
    """Counts a failed step; the next try comes later each time, the fifth failure waits for a person."""
    row = Subscription.objects.for_partner(partner_id).select_for_update().get(pk=subscription_id)
    row.attempts += 1
    postpone(row, error=error, now=now, waits=WAITS)
    row.save(update_fields=POSTPONED_COLUMNS)
