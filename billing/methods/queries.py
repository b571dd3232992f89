"""Which payment methods customers have."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from billing.methods.models import PaymentMethod
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read
from subscriptions.queries.own_cards import own_cards


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
    found = (Method(*row) for row in _DEFAULTS(partner_id, customer_ids))
    return {method.customer_id: method for method in found}


def kept_methods(partner_id: UUID, customer_id: UUID) -> list[Method]:
    """Those of one customer that can be charged: the default first, then the newest."""
    kept = [one for one in methods_of(partner_id, customer_id) if one.replaced_at is None]
    return sorted(kept, key=lambda one: not one.is_default)


def charged_methods(
    partner_id: UUID, wanted: Collection[tuple[UUID, UUID | None]]
) -> dict[tuple[UUID, UUID | None], Method]:
    """By customer and subscription, what is charged: the card that was chosen for it, else the customer's default."""
    kept = [Method(*row) for row in _ALL(partner_id, {customer for customer, _ in wanted})]
    held = {(one.customer_id, one.id): one for one in kept if one.replaced_at is None}
    defaults = {one.customer_id: one for one in held.values() if one.is_default}
    chosen = own_cards(partner_id, {id_ for _, id_ in wanted if id_ is not None})
    found = {}
    for customer_id, id_ in wanted:
        own = held.get((customer_id, chosen[id_])) if id_ in chosen else None
        if method := own or defaults.get(customer_id):
            found[customer_id, id_] = method
    return found


def held_method(partner_id: UUID, method_id: UUID) -> Method:
    """One that can be charged. Raises NotFound, also for one that was taken away."""
    rows = PaymentMethod.objects.for_partner(partner_id).filter(pk=method_id, replaced_at=None)
    found = rows.values_list(*COLUMNS).first()
    if found is None:
        raise NotFound("There is no such payment method.", field="payment_method")
    return Method(*found)


def methods_ahead(partner_id: UUID, customer_ids: Collection[UUID]) -> list[Asked]:
    """What `default_method_of` and, for one customer, `methods_of` ask."""
    return [Asked(read, (partner_id, customer_ids)) for read in (_DEFAULTS, _ALL)]


_ALL = Read(
    lambda partner_id, ids: (
        PaymentMethod.objects.for_partner(partner_id)
        .filter(customer__among=ids)
        .order_by("-added_at", "-id")
        .values_list(*COLUMNS)
    )
)


_DEFAULTS = Read(
    lambda partner_id, ids: (
        PaymentMethod.objects.for_partner(partner_id).filter(customer__among=ids, is_default=True).values_list(*COLUMNS)
    )
)


def methods_of(partner_id: UUID, customer_id: UUID) -> list[Method]:
    """All of one customer's, replaced ones too, newest first."""
    return [Method(*row) for row in _ALL(partner_id, [customer_id])]
