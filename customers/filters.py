"""What a list of customers can be narrowed to; the same for panel, bulk actions and export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q

from customers.models import Customer, CustomerTag
from customers.queries.sql.search import search_query
from partnerpanel.kernel.clock import local_date, month_of, start_of_day
from partnerpanel.tenancy.rows import TenantQuerySet


class Tab(StrEnum):
    """The saved filters of the list."""

    ALL = "all"
    ACTIVE = "active"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    NEW = "new"
    GRACE = "grace"
    CANCELLING = "cancelling"
    TRIALING = "trialing"
    PAUSED = "paused"
    BANNED = "banned"


_COLUMNS: Mapping[Tab, str] = {
    Tab.ACTIVE: "is_active",
    Tab.EXPIRED: "is_expired",
    Tab.SUSPENDED: "is_suspended",
    Tab.GRACE: "is_in_grace",
    Tab.CANCELLING: "is_cancelling",
    Tab.TRIALING: "is_trialing",
    Tab.PAUSED: "is_paused",
    Tab.BANNED: "is_banned",
}


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """All parts must hold. `ids` is a query for ids, set by filters of apps above, such as the plan held."""

    tab: Tab = Tab.ALL
    search: str = ""
    country: str = ""
    tag: str = ""
    registered_from: date | None = None
    registered_to: date | None = None
    ids: Any = None


def narrowed(
    rows: TenantQuerySet[Customer], wanted: CustomerFilter, *, now: datetime, zone: str
) -> TenantQuerySet[Customer]:
    """The customers of the open scope that the filter wants; days are counted in `zone`."""
    rows = in_tab(rows, wanted.tab, now=now, zone=zone)
    if wanted.search.strip():
        rows = rows.filter(pk__in=search_query(wanted.search))
    if wanted.country:
        rows = rows.filter(country=wanted.country)
    if wanted.tag:
        tagged = CustomerTag.objects.filter(partner=OuterRef("partner"), customer=OuterRef("pk"), tag__name=wanted.tag)
        rows = rows.filter(Exists(tagged))
    if wanted.registered_from:
        rows = rows.filter(registered_at__gte=start_of_day(wanted.registered_from, zone))
    if wanted.registered_to:
        rows = rows.filter(registered_at__lt=start_of_day(date.fromordinal(wanted.registered_to.toordinal() + 1), zone))
    if wanted.ids is not None:
        rows = rows.filter(pk__in=wanted.ids)
    return rows


def in_tab(rows: TenantQuerySet[Customer], tab: Tab, *, now: datetime, zone: str) -> TenantQuerySet[Customer]:
    """The customers of one tab."""
    if tab is Tab.NEW:
        first, next_first = month_of(local_date(now, zone))
        return rows.filter(
            Q(registered_at__gte=start_of_day(first, zone)) & Q(registered_at__lt=start_of_day(next_first, zone))
        )
    column = _COLUMNS.get(tab)
    return rows.filter(**{column: True}) if column else rows
