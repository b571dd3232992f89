"""The list of invoices: saved tabs, search by number, keyset paging."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from billing.documents.models import Invoice
from billing.documents.states import InvoiceStatus
from billing.queries.days import ALL_DAYS, Days
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.paging import COUNT_CAP, Page
from partnerpanel.tenancy import keyset
from partnerpanel.tenancy.rows import TenantQuerySet

_NUMBER = re.compile(r"(?:([A-Za-z0-9-]{0,19}[A-Za-z])\s*-?\s*)?0*([1-9][0-9]{0,17})")


CORRECTED = "corrected"


class InvoiceTab(StrEnum):
    ALL = "all"
    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    UNCOLLECTIBLE = "uncollectible"


@dataclass(frozen=True, slots=True)
class InvoiceLineOfList:
    """One invoice as a list shows it; its status is CORRECTED where another has taken its place."""

    id: UUID
    label: str
    status: str
    customer_id: UUID
    customer_name: str
    issued_on: date
    total: Money
    due: Money


def invoice_page(
    partner_id: UUID, *, tab: InvoiceTab, search: str, cursor: str | None, limit: int, days: Days = ALL_DAYS
) -> Page[InvoiceLineOfList]:
    """One page, newest first, in two queries at most. Raises InvalidCursor."""
    rows = _marked(partner_id, _matching(partner_id, tab, search, days)).select_related("customer")
    found = keyset.page(rows, key="issued_at", descending=True, cursor=cursor, limit=limit)
    return Page([_line(row) for row in found.rows], found.previous, found.next)


def invoice_counts(partner_id: UUID, *, search: str, days: Days = ALL_DAYS) -> dict[InvoiceTab, int]:
    """How many each tab holds, counted no further than COUNT_CAP."""
    return {tab: _matching(partner_id, tab, search, days).order_by()[:COUNT_CAP].count() for tab in InvoiceTab}


def invoices_of(partner_id: UUID, customer_id: UUID, *, limit: int) -> list[InvoiceLineOfList]:
    """The customer's newest invoices."""
    rows = Invoice.objects.for_partner(partner_id).filter(customer=customer_id)
    rows = _marked(partner_id, rows).select_related("customer")
    return [_line(row) for row in rows.order_by("-issued_at", "-id")[:limit]]


def number_in(search: str) -> tuple[str, int] | None:
    """“NW-INV-000123”, “inv 123”, “123” → series (or none) and number of a document; None for anything else."""
    found = _NUMBER.fullmatch(search.strip())
    return ((found[1] or "").upper(), int(found[2])) if found else None


def of_series(series: str, *, column: str = "series") -> Q:
    """Documents of a series; where a partner's prefix is left out, of that kind with any prefix."""
    return Q(**{column: series}) | Q(**{f"{column}__endswith": f"-{series}"}) if series else Q()


def _matching(partner_id: UUID, tab: InvoiceTab, search: str, days: Days) -> TenantQuerySet[Invoice]:
    rows = Invoice.objects.for_partner(partner_id).filter(days.issued())
    if tab is not InvoiceTab.ALL:
        rows = rows.filter(status=InvoiceStatus(tab.value))
    if not search:
        return rows
    found = number_in(search)
    if found is None:
        return rows.none()
    series, number = found
    return rows.filter(of_series(series), number=number)


def _marked(partner_id: UUID, rows: TenantQuerySet[Invoice]) -> TenantQuerySet[Invoice]:
    after = Invoice.objects.for_partner(partner_id).filter(corrects=OuterRef("pk"))
    return rows.annotate(is_corrected=Exists(after))


def _line(row: Invoice) -> InvoiceLineOfList:
    status = CORRECTED if row.is_corrected else row.status  # type: ignore[attr-defined]
    return InvoiceLineOfList(
        row.pk, row.label, status, row.customer_id, row.customer.name, row.issued_on, row.total, row.due
    )
