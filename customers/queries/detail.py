"""One customer."""

from __future__ import annotations

from uuid import UUID

from customers.models import Customer, Note
from partnerpanel.kernel.errors import NotFound


def customer(partner_id: UUID, customer_id: UUID) -> Customer:
    """Raises NotFound alike for an id that never existed and for another partner's."""
    found = Customer.objects.for_partner(partner_id).filter(pk=customer_id).first()
    if found is None:
        raise NotFound("There is no such customer.", field="customer")
    return found


def notes(partner_id: UUID, customer_id: UUID) -> list[Note]:
    """Newest first."""
    return list(Note.objects.for_partner(partner_id).filter(customer=customer_id).order_by("-created_at", "-id"))


def by_keys(partner_id: UUID, *, emails: list[str], external_ids: list[str]) -> tuple[dict[str, UUID], dict[str, UUID]]:
    """Ids of existing customers by normalised address and by own number."""
    rows = Customer.objects.for_partner(partner_id)
    by_email = dict(rows.filter(email_key__in=emails).values_list("email_key", "pk"))
    by_number = dict(rows.filter(external_id__in=external_ids).exclude(external_id="").values_list("external_id", "pk"))
    return by_email, by_number
