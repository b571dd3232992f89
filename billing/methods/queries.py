"""Which payment methods customers have."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from billing.methods.models import PaymentMethod


@dataclass(frozen=True, slots=True)
class Method:
    """A payment method as it may be shown and charged; `gateway_ref` is the gateway's id of it."""

    id: UUID
    customer_id: UUID
    gateway: str
    gateway_ref: str
    brand: str
    last4: str
    exp_month: int | None
    exp_year: int | None
    is_default: bool
    added_at: datetime
    replaced_at: datetime | None


COLUMNS = [field.name for field in fields(Method)]


def default_method_of(partner_id: UUID, customer_ids: Collection[UUID]) -> dict[UUID, Method]:
    """By customer, the method that renewals charge; who has none is absent."""
    rows = PaymentMethod.objects.for_partner(partner_id).filter(customer__in=customer_ids, is_default=True)
    found = (Method(*row) for row in rows.values_list(*COLUMNS))
    return {method.customer_id: method for method in found}


def methods_of(partner_id: UUID, customer_id: UUID) -> list[Method]:
    """All of one customer's, replaced ones too, newest first."""
    rows = PaymentMethod.objects.for_partner(partner_id).filter(customer=customer_id).order_by("-added_at", "-id")
    return [Method(*row) for row in rows.values_list(*COLUMNS)]
