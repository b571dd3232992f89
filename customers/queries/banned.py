"""To whom nothing is sold: customers who are banned, and others under the same tax id."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from customers.models import Customer


def banned_tax_ids(partner_id: UUID, tax_ids: Collection[str]) -> frozenset[str]:
    """Those of them, in their standard form, that a banned customer has."""
    wanted = {one for one in tax_ids if one}
    if not wanted:
        return frozenset()
    rows = Customer.objects.for_partner(partner_id).filter(is_banned=True, tax_id__in=wanted)
    return frozenset(rows.values_list("tax_id", flat=True))


def unsellable(partner_id: UUID, customer_ids: Collection[UUID]) -> dict[UUID, str]:
    """By customer, why nothing is sold: `banned`, or `banned_tax_id` where another with the same tax id is."""
    rows = Customer.objects.for_partner(partner_id).filter(pk__among=customer_ids)
    found = list(rows.values_list("pk", "is_banned", "tax_id"))
    known = banned_tax_ids(partner_id, {tax_id for _id, _is_banned, tax_id in found})
    why = {
        id_: "banned" if is_banned else "banned_tax_id" if tax_id in known else "" for id_, is_banned, tax_id in found
    }
    return {id_: code for id_, code in why.items() if code}
