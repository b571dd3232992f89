"""An attempt that cannot be worked on waits, longer each time and in the end for a person, while all others go on."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from billing.charging.models import PaymentAttempt
from billing.charging.states import OPEN
from partnerpanel.queues.rows import POSTPONED_COLUMNS, postpone
from partnerpanel.tenancy.scope import tenant

WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 15)]


def set_aside(partner_id: UUID, attempt_id: UUID, *, error: Exception, now: datetime) -> None:
    """The lease counted the failure; the fifth waits for a person. One that is settled meanwhile is left alone."""
    with tenant(partner_id):
        rows = PaymentAttempt.objects.for_partner(partner_id).filter(pk=attempt_id, status__in=OPEN)
        for row in rows.select_for_update():
            postpone(row, error=f"{type(error).__name__}: {error}", now=now, waits=WAITS)
            row.save(update_fields=POSTPONED_COLUMNS)
