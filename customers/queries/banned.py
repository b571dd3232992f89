"""To whom nothing is sold: customers who are banned, and others under the same tax id."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from customers.models import Customer
from customers.queries.sql.tax_id_lock import hold_tax_ids
from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read


def banned_tax_ids(partner_id: UUID, tax_ids: Collection[str]) -> frozenset[str]:
    """Those of them, in their standard form, that a banned customer has."""
    wanted = {one for one in tax_ids if one}
    if not wanted:
        return frozenset()
    rows = Customer.objects.for_partner(partner_id).filter(is_banned=True, tax_id__in=wanted)
    return frozenset(rows.values_list("tax_id", flat=True))


def hold_tax_ids_of(partner_id: UUID, customer_ids: Collection[UUID]) -> None:
    """Until the transaction ends nobody else sells to, or bans, customers under the tax ids of these."""
    rows = Customer.objects.for_partner(partner_id).filter(pk__among=customer_ids)
    hold_tax_ids(partner_id, set(rows.values_list("tax_id", flat=True)))


def unsellable(partner_id: UUID, customer_ids: Collection[UUID], *, lock: bool = False) -> dict[UUID, str]:
    """By customer, why nothing is sold: `banned`, `banned_tax_id` where another with the same tax id is, or `erased`
    where nobody is left to sell to.

    With `lock` it stays so until the transaction ends: a ban of somebody else under the same tax id waits, or was
    waited for.
    """
    found = _SOLD_TO(partner_id, customer_ids)
    tax_ids = {tax_id for _id, _is_banned, tax_id, _erased_at in found}
    if lock:
        hold_tax_ids(partner_id, tax_ids)
    known = banned_tax_ids(partner_id, tax_ids)
    why = {
        id_: "erased" if erased_at else "banned" if is_banned else "banned_tax_id" if tax_id in known else ""
        for id_, is_banned, tax_id, erased_at in found
    }
    return {id_: code for id_, code in why.items() if code}


def unsellable_ahead(partner_id: UUID, customer_ids: Collection[UUID]) -> Asked:
    """What `unsellable` asks first."""
    return Asked(_SOLD_TO, (partner_id, customer_ids))


_SOLD_TO = Read(
    lambda partner_id, ids: (
        Customer.objects.for_partner(partner_id)
        .filter(pk__among=ids)
        .values_list("pk", "is_banned", "tax_id", "erased_at")
    )
)
