"""The list of invoices: saved tabs, search by number, keyset paging."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from billing.documents.models import Invoice
from billing.documents.states import InvoiceStatus
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.paging import Page
from partnerpanel.tenancy import keyset
from partnerpanel.tenancy.rows import TenantQuerySet

COUNT_CAP = 10_001
_NUMBER = re.compile(r"(?:([A-Za-z]{1,20})\s*-?\s*)?0*([1-9][0-9]{0,17})")


class InvoiceTab(StrEnum):
    ALL = "all"
    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    UNCOLLECTIBLE = "uncollectible"


@dataclass(frozen=True, slots=True)
class InvoiceLineOfList:
    """One invoice as a list shows it."""

    id: UUID
    label: str
    status: str
    customer_id: UUID
    customer_name: str
    issued_on: date
    total: Money
    due: Money


def invoice_page(
    partner_id: UUID, *, tab: InvoiceTab, search: str, cursor: str | None, limit: int
) -> Page[InvoiceLineOfList]:
    """One page, newest first, in two queries at most. Raises InvalidCursor."""
    rows = _matching(partner_id, tab, search).select_related("customer")
    found = keyset.page(rows, key="issued_at", descending=True, cursor=cursor, limit=limit)
    return Page([_line(row) for row in found.rows], found.previous, found.next)


def invoice_counts(partner_id: UUID, *, search: str) -> dict[InvoiceTab, int]:
    """How many each tab holds, counted no further than COUNT_CAP."""
    return {tab: _matching(partner_id, tab, search).order_by()[:COUNT_CAP].count() for tab in InvoiceTab}


def invoices_of(partner_id: UUID, customer_id: UUID, *, limit: int) -> list[InvoiceLineOfList]:
    """The customer's newest invoices."""
    rows = Invoice.objects.for_partner(partner_id).filter(customer=customer_id).select_related("customer")
    return [_line(row) for row in rows.order_by("-issued_at", "-id")[:limit]]


def number_in(search: str) -> tuple[str, int] | None:
    """“INV-000123”, “inv 123”, “123” → series (or none) and number of a document; None for anything else."""
    found = _NUMBER.fullmatch(search.strip())
    return ((found[1] or "").upper(), int(found[2])) if found else None


def _matching(partner_id: UUID, tab: InvoiceTab, search: str) -> TenantQuerySet[Invoice]:
    rows = Invoice.objects.for_partner(partner_id)
    if tab is not InvoiceTab.ALL:
        rows = rows.filter(status=InvoiceStatus(tab.value))
    if not search:
        return rows
    found = number_in(search)
    if found is None:
        return rows.none()
    series, number = found
    rows = rows.filter(number=number)
    return rows.filter(series=series) if series else rows


def _line(row: Invoice) -> InvoiceLineOfList:
    return InvoiceLineOfList(
        row.pk, row.label, row.status, row.customer_id, row.customer.name, row.issued_on, row.total, row.due
    )
