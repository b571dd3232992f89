"""Whose address it is."""

from __future__ import annotations

from uuid import UUID

from customers.models import Customer
from customers.rules.keys import email_key


def customer_at(partner_id: UUID, address: str) -> UUID | None:
    """The customer whose own address it is, in the open scope; None where it is nobody's."""
    rows = Customer.objects.for_partner(partner_id).filter(email_key=email_key(address))
    return rows.values_list("pk", flat=True).first()
