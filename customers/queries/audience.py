"""Customers as rows that apps above narrow further and select from."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from customers.filters import CustomerFilter, narrowed
from customers.models import Customer
from customers.rules.keys import email_key
from partnerpanel.tenancy.rows import TenantQuerySet


def customers_of(partner_id: UUID, ids: Collection[UUID]) -> TenantQuerySet[Customer]:
    """Those of these ids, in no order."""
    return Customer.objects.for_partner(partner_id).filter(pk__among=list(ids))


def customers_matching(
    partner_id: UUID, wanted: CustomerFilter, *, now: datetime, zone: str
) -> TenantQuerySet[Customer]:
    """All that a filter wants, in no order."""
    return narrowed(Customer.objects.for_partner(partner_id), wanted, now=now, zone=zone)


def holder_of_address(partner_id: UUID, address: str) -> UUID | None:
    """The customer with this address; an address is one customer's."""
    rows = Customer.objects.for_partner(partner_id).filter(email_key=email_key(address))
    return rows.values_list("pk", flat=True).first()
