"""Charging while somebody waits for the answer."""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from billing.charging.models import PaymentAttempt
from billing.charging.states import AttemptStatus
from billing.charging.worker import drain_charges
from partnerpanel.tenancy.scope import tenant

# A worker may have taken the attempt first; its answer is waited for this long.
PATIENCE_SECONDS = 5.0
LOOK_EVERY_SECONDS = 0.1


def ask_now(partner_id: UUID, attempt_ids: Collection[UUID], *, now: datetime) -> dict[UUID, AttemptStatus]:
    """Asks the gateway for these attempts and settles its answers; where each stands then, by id.

    One that a worker is asking for meanwhile is waited for a few seconds and may still be an `intent`. Opens scopes
    of its own.
    """
    drain_charges(partner_id, now, only=attempt_ids)
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = _statuses(partner_id, attempt_ids)
        if AttemptStatus.INTENT not in found.values() or time.monotonic() > until:
            return found
        time.sleep(LOOK_EVERY_SECONDS)


def _statuses(partner_id: UUID, attempt_ids: Collection[UUID]) -> dict[UUID, AttemptStatus]:
    with tenant(partner_id):
        rows = PaymentAttempt.objects.for_partner(partner_id).filter(pk__in=attempt_ids)
        return {id_: AttemptStatus(status) for id_, status in rows.values_list("pk", "status")}
