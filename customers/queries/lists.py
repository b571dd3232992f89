"""The list of customers and what stands around it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from customers.filters import CustomerFilter, Tab, in_tab, narrowed
from customers.models import Customer, CustomerTag, Tag
from customers.queries.sql.countries import country_codes
from customers.queries.sql.tab_counts import counts
from partnerpanel.kernel.paging import COUNT_CAP, Page
from partnerpanel.tenancy import keyset
from partnerpanel.tenancy.reads import Read

SORTS = {"name": ("name_key", False), "registered": ("registered_at", True)}


def customer_page(
    partner_id: UUID,
    wanted: CustomerFilter,
    *,
    sort: str,
    cursor: str | None,
    limit: int,
    now: datetime,
    zone: str,
) -> Page[Customer]:
    """One page, by name or newest registration first. Raises InvalidCursor; an unknown sort means by name."""
    key, descending = SORTS.get(sort, SORTS["name"])
    rows = narrowed(Customer.objects.for_partner(partner_id), wanted, now=now, zone=zone)
    return keyset.page(rows, key=key, descending=descending, cursor=cursor, limit=limit)


def matching_ids(partner_id: UUID, wanted: CustomerFilter, *, now: datetime, zone: str) -> list[UUID]:
    """Ids of all that match, by name."""
    rows = narrowed(Customer.objects.for_partner(partner_id), wanted, now=now, zone=zone)
    return list(rows.order_by("name_key", "id").values_list("pk", flat=True))


def count(partner_id: UUID, wanted: CustomerFilter, *, now: datetime, zone: str) -> int:
    """How many match, counted no further than COUNT_CAP."""
    rows = narrowed(Customer.objects.for_partner(partner_id), wanted, now=now, zone=zone)
    return rows.order_by()[:COUNT_CAP].count()


def tab_counts(partner_id: UUID, *, now: datetime, zone: str) -> dict[Tab, int]:
    """How many customers each tab holds, counted no further than COUNT_CAP."""
    rows = Customer.objects.for_partner(partner_id)
    return counts({tab: in_tab(rows, tab, now=now, zone=zone) for tab in Tab}, cap=COUNT_CAP)


def tags(partner_id: UUID) -> list[str]:
    """The partner's tags by name."""
    return list(Tag.objects.for_partner(partner_id).order_by("name").values_list("name", flat=True))


def tags_of(partner_id: UUID, customer_ids: list[UUID]) -> dict[UUID, list[str]]:
    """Tags by customer, each list by name."""
    found: dict[UUID, list[str]] = {}
    for customer_id, name in _TAGS(partner_id, customer_ids):
        found.setdefault(customer_id, []).append(name)
    return found


_TAGS = Read(
    lambda partner_id, customer_ids: (
        CustomerTag.objects.for_partner(partner_id)
        .filter(customer__among=customer_ids)
        .order_by("tag__name")
        .values_list("customer_id", "tag__name")
    )
)


def countries(partner_id: UUID) -> list[str]:
    """Countries that the partner's customers live in, by code."""
    return country_codes(partner_id)
