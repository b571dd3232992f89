"""Whose personal data is erased."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from customers.models import Customer
from partnerpanel.tenancy.reads import Read

_ERASED = Read(
    lambda partner_id, ids: (
        Customer.objects.for_partner(partner_id)
        .filter(pk__among=ids, erased_at__isnull=False)
        .values_list("pk", flat=True)
    )
)


def erased_among(partner_id: UUID, customer_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of them of whom nothing is known any more; nobody can write to them."""
    return frozenset(_ERASED(partner_id, customer_ids)) if customer_ids else frozenset()
