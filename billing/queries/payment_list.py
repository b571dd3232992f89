"""The list of payments: saved tabs, search by the number of the invoice, keyset paging."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db.models import F

from billing.documents.models import Invoice, Payment
from billing.documents.states import PaymentSource
from billing.queries.days import ALL_DAYS, Days
from billing.queries.invoice_list import number_in, of_series
from billing.queries.returns import returned_of
from billing.refunds.models import PaymentReturn
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.paging import COUNT_CAP, Page
from partnerpanel.tenancy import keyset
from partnerpanel.tenancy.rows import TenantQuerySet


class PaymentTab(StrEnum):
    """`returned`: at least a part of it went back, or is taken back by a bank."""

    ALL = "all"
    CARD = "card"
    BY_HAND = "by_hand"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment as a list shows it; `back` is what of it went back. `reference` is its charge at the gateway."""

    id: UUID
    invoice_id: UUID
    invoice: str
    customer_id: UUID
    customer_name: str
    source: str
    method: str
    note: str
    reference: str
    received_on: date
    amount: Money
    back: Money


def payment_page(
    partner_id: UUID, *, tab: PaymentTab, search: str, cursor: str | None, limit: int, days: Days = ALL_DAYS
) -> Page[PaymentRow]:
    """One page, newest first, in three queries at most. Raises InvalidCursor."""
    rows = _matching(partner_id, tab, search, days).select_related("customer", "invoice")
    found = keyset.page(rows, key="recorded_at", descending=True, cursor=cursor, limit=limit)
    back = returned_of(partner_id, [row.pk for row in found.rows])
    gone = {id_: one.refunded + one.disputed for id_, one in back.items()}
    return Page([_row(row, gone.get(row.pk)) for row in found.rows], found.previous, found.next)


def payment_counts(partner_id: UUID, *, search: str, days: Days = ALL_DAYS) -> dict[PaymentTab, int]:
    """How many each tab holds, counted no further than COUNT_CAP."""
    return {tab: _matching(partner_id, tab, search, days).order_by()[:COUNT_CAP].count() for tab in PaymentTab}


def _matching(partner_id: UUID, tab: PaymentTab, search: str, days: Days) -> TenantQuerySet[Payment]:
    rows = Payment.objects.for_partner(partner_id).filter(days.received())
    if tab is PaymentTab.CARD:
        rows = rows.filter(source=PaymentSource.CARD)
    elif tab is PaymentTab.BY_HAND:
        rows = rows.exclude(source=PaymentSource.CARD)
    elif tab is PaymentTab.RETURNED:
        back = PaymentReturn.objects.for_partner(partner_id).annotate(gone=F("refunded") + F("disputed"))
        rows = rows.filter(pk__in=back.filter(gone__gt=0).values("payment_id"))
    if not search:
        return rows
    found = number_in(search)
    if found is None:
        return rows.none()
    series, number = found
    invoices = Invoice.objects.for_partner(partner_id).filter(of_series(series), number=number)
    return rows.filter(invoice__in=invoices.values("pk"))


def _row(row: Payment, back: Money | None) -> PaymentRow:
    return PaymentRow(
        id=row.pk,
        invoice_id=row.invoice_id,
        invoice=row.invoice.label,
        customer_id=row.customer_id,
        customer_name=row.customer.name,
        source=row.source,
        method=row.method_text,
        note=row.note,
        reference=row.gateway_id,
        received_on=row.received_on,
        amount=row.money,
        back=back or Money.zero(row.currency),
    )
