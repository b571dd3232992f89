"""How charges ended."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from billing.charging.models import PaymentAttempt
from billing.charging.states import AttemptStatus


def charges(partner_id: UUID, attempt_ids: Collection[UUID]) -> dict[UUID, AttemptStatus]:
    """Where each attempt stands now."""
    rows = PaymentAttempt.objects.for_partner(partner_id).filter(pk__among=attempt_ids)
    return {id_: AttemptStatus(status) for id_, status in rows.values_list("pk", "status")}
