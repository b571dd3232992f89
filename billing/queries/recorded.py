"""Payments that were recorded by hand, to warn of one that is recorded twice."""

from __future__ import annotations

from uuid import UUID

from billing.documents.models import Payment
from billing.documents.states import PaymentSource
from partnerpanel.kernel.money import Money


def is_recorded(partner_id: UUID, customer_id: UUID, *, amount: Money, note: str) -> bool:
    """Whether the same amount with the same note is booked for the customer already."""
    rows = Payment.objects.for_partner(partner_id).filter(
        customer=customer_id, amount=amount.amount, currency=amount.currency, note=note.strip()
    )
    return bool(rows.exclude(source=PaymentSource.CARD).exists())
