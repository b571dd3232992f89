"""Who is here already: customers as an import compares them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from customers.models import Customer, CustomerTag
from customers.rules.profile import Profile
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read


@dataclass(frozen=True, slots=True)
class HeldCustomer:
    """A customer's own data and the names of its tags; `email_key` is the address as it is compared."""

    id: UUID
    email_key: str
    profile: Profile
    tags: frozenset[str]
    is_banned: bool = False


def held_customers(
    partner_id: UUID, *, email_keys: Collection[str], external_ids: Collection[str], lock: bool = False
) -> list[HeldCustomer]:
    """Who has one of these normalised addresses or own numbers, by id; `lock` keeps them as they are."""
    rows = Customer.objects.for_partner(partner_id).order_by("pk")
    rows = rows.filter(Q(email_key__in=email_keys) | Q(external_id__in=[one for one in external_ids if one]))
    found = list(rows.select_for_update() if lock else rows)
    tags: dict[UUID, set[str]] = {row.pk: set() for row in found}
    names = CustomerTag.objects.for_partner(partner_id).filter(customer__in=tags)
    for customer_id, name in names.values_list("customer_id", "tag__name"):
        tags[customer_id].add(name)
    return [HeldCustomer(row.pk, row.email_key, _profile(row), frozenset(tags[row.pk]), row.is_banned) for row in found]


def profile_of(partner_id: UUID, customer_id: UUID, *, lock: bool = False) -> Profile:
    """One customer's own data; `lock` keeps them as they are. Raises NotFound."""
    row = next(iter((_LOCKED if lock else _ROWS)(partner_id, [customer_id])), None)
    if row is None:
        raise NotFound("There is no such customer.", field="customer")
    return _profile(row)


def profile_ahead(partner_id: UUID, customer_id: UUID) -> Asked:
    """The same for a page that reads ahead."""
    return Asked(_ROWS, (partner_id, [customer_id]))


_ROWS = Read(lambda partner_id, ids: Customer.objects.for_partner(partner_id).filter(pk__among=ids))
_LOCKED = Read(
    lambda partner_id, ids: Customer.objects.for_partner(partner_id).filter(pk__among=ids).select_for_update()
)


def _profile(row: Customer) -> Profile:
    return Profile(
        name=row.name,
        email=row.email,
        country=row.country,
        timezone=row.timezone,
        locale=row.locale,
        tax_id=row.tax_id,
        external_id=row.external_id,
        region=row.region,
        tax_exempt_for=row.tax_exempt_for,
    )
