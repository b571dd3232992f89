"""How charges ended."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from billing.charging.models import PaymentAttempt
from billing.charging.states import OPEN, AttemptStatus


def charges(partner_id: UUID, attempt_ids: Collection[UUID]) -> dict[UUID, AttemptStatus]:
    """Where each attempt stands now."""
    rows = PaymentAttempt.objects.for_partner(partner_id).filter(pk__among=attempt_ids)
    return {id_: AttemptStatus(status) for id_, status in rows.values_list("pk", "status")}


def charges_under_way(partner_id: UUID, customer_id: UUID) -> list[UUID]:
    """The customer's attempts that have no final answer yet, oldest first."""
    rows = PaymentAttempt.objects.for_partner(partner_id).filter(customer=customer_id, status__in=OPEN)
    return list(rows.order_by("made_at", "pk").values_list("pk", flat=True))
