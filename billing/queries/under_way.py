"""Whose money is on its way, owed, or kept for them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from billing.charging.states import OPEN as OPEN_CHARGES
from billing.documents.states import InvoiceStatus
from billing.models import Invoice, PaymentAttempt, Refund
from billing.queries.presence import balances_left
from billing.refunds.states import OPEN as OPEN_REFUNDS


def moving_among(partner_id: UUID, customer_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those with a charge or a refund of which nobody knows yet how it ended."""
    found: set[UUID] = set()
    for model, states in ((PaymentAttempt, OPEN_CHARGES), (Refund, OPEN_REFUNDS)):
        rows = model.objects.for_partner(partner_id).filter(customer__in=customer_ids)
        found.update(rows.filter(status__in=[one.value for one in states]).values_list("customer_id", flat=True))
    return frozenset(found)


def owing_among(partner_id: UUID, customer_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those with an invoice that is open."""
    rows = Invoice.objects.for_partner(partner_id).filter(customer__in=customer_ids, status=InvoiceStatus.OPEN)
    return frozenset(rows.values_list("customer_id", flat=True))


def with_balance_among(partner_id: UUID, customer_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those for whom money is kept."""
    return frozenset(balances_left(partner_id, customer_ids).values_list("customer_id", flat=True))
