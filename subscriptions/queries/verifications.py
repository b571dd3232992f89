"""What customers are asked to show."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from subscriptions.models import Verification
from subscriptions.rules.verification import OpenVerification, VerificationPreset


def open_verifications(partner_id: UUID, customer_ids: Collection[UUID]) -> dict[UUID, OpenVerification]:
    """By customer, for those that are asked for something."""
    rows = Verification.objects.for_partner(partner_id).filter(customer__among=customer_ids, closed_at=None)
    return {
        row.customer_id: OpenVerification(
            row.pk,
            row.customer_id,
            tuple(map(VerificationPreset, row.presets)),
            row.asks,
            row.blocks,
            row.asked_at,
            row.asked_by,
        )
        for row in rows
    }
