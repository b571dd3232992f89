"""Money that went back, as lists show it: refunds and disputes by tab, those of a customer, and what is left of
payments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from billing.disputes.models import Dispute, PaymentReversal
from billing.disputes.states import OPEN as UNDECIDED
from billing.disputes.states import DisputeStatus
from billing.documents.models import Payment
from billing.ledger.models import Balance
from billing.refunds.models import PaymentReturn, Refund
from billing.refunds.states import OPEN, RefundStatus
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.paging import COUNT_CAP, Page
from partnerpanel.tenancy import keyset
from partnerpanel.tenancy.rows import TenantQuerySet


class RefundTab(StrEnum):
    ALL = "all"
    UNDER_WAY = "under_way"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class DisputeTab(StrEnum):
    ALL = "all"
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class RefundRow:
    """One refund. `to` is the card that it goes to, empty outside of a gateway; `parked`: it waits for a person.

    `invoice_id` is None where the balance was paid out; the label of a credit note is empty then.
    """

    id: UUID
    customer_id: UUID
    customer_name: str
    status: str
    source: str
    reason: str
    amount: Money
    to: str
    note: str
    invoice_id: UUID | None
    invoice: str
    credit_note_id: UUID | None
    credit_note: str
    requested_at: datetime
    parked: bool


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """One dispute. `reversals` are the documents by which its money was taken from the books."""

    id: UUID
    customer_id: UUID
    customer_name: str
    status: str
    reason: str
    amount: Money
    invoice_id: UUID
    invoice: str
    evidence_due_on: date | None
    opened_at: datetime
    is_open: bool
    reversals: Sequence[str]


@dataclass(frozen=True, slots=True)
class Returned:
    """What went back of a payment or is about to."""

    refunded: Money
    disputed: Money


UNDER_TAB = {
    RefundTab.UNDER_WAY: OPEN,
    RefundTab.SUCCEEDED: (RefundStatus.SUCCEEDED,),
    RefundTab.FAILED: (RefundStatus.FAILED,),
}


def refund_page(partner_id: UUID, *, tab: RefundTab, cursor: str | None, limit: int) -> Page[RefundRow]:
    """One page, newest first, in one query. Raises InvalidCursor."""
    rows = _refunds(partner_id, tab).select_related("customer", "payment__invoice", "credit_note")
    found = keyset.page(rows, key="requested_at", descending=True, cursor=cursor, limit=limit)
    return Page([_refund(row) for row in found.rows], found.previous, found.next)


def refund_counts(partner_id: UUID) -> dict[RefundTab, int]:
    """How many each tab holds, counted no further than COUNT_CAP."""
    return {tab: _refunds(partner_id, tab).order_by()[:COUNT_CAP].count() for tab in RefundTab}


def refunds_of(
    partner_id: UUID, *, customer_id: UUID | None = None, invoice_id: UUID | None = None, limit: int = 20
) -> list[RefundRow]:
    """The newest of a customer, or those of what paid an invoice."""
    which = Q(customer=customer_id) if customer_id else Q(payment__invoice=invoice_id)
    rows = Refund.objects.for_partner(partner_id).filter(which)
    rows = rows.select_related("customer", "payment__invoice", "credit_note").order_by("-requested_at", "-id")
    return [_refund(row) for row in rows[:limit]]


def dispute_page(partner_id: UUID, *, tab: DisputeTab, cursor: str | None, limit: int) -> Page[DisputeRow]:
    """One page, newest first, in two queries. Raises InvalidCursor."""
    rows = _disputes(partner_id, tab).select_related("customer", "payment__invoice")
    found = keyset.page(rows, key="opened_at", descending=True, cursor=cursor, limit=limit)
    return Page(_dispute_rows(partner_id, list(found.rows)), found.previous, found.next)


def dispute_counts(partner_id: UUID) -> dict[DisputeTab, int]:
    """As `refund_counts`."""
    return {tab: _disputes(partner_id, tab).order_by()[:COUNT_CAP].count() for tab in DisputeTab}


def disputes_of(
    partner_id: UUID, *, customer_id: UUID | None = None, invoice_id: UUID | None = None, limit: int = 20
) -> list[DisputeRow]:
    """The newest of a customer, or those of what paid an invoice."""
    which = Q(customer=customer_id) if customer_id else Q(payment__invoice=invoice_id)
    rows = Dispute.objects.for_partner(partner_id).filter(which).select_related("customer", "payment__invoice")
    return _dispute_rows(partner_id, list(rows.order_by("-opened_at", "-id")[:limit]))


def open_disputes(partner_id: UUID, *, limit: int = 20) -> list[DisputeRow]:
    """Those that need an answer, the first due first."""
    rows = Dispute.objects.for_partner(partner_id).filter(status=DisputeStatus.NEEDS_RESPONSE)
    rows = rows.select_related("customer", "payment__invoice").order_by("evidence_due_on", "id")
    return _dispute_rows(partner_id, list(rows[:limit]))


def dispute_row(partner_id: UUID, dispute_id: UUID) -> DisputeRow:
    """Raises NotFound alike for an id that never existed and for another partner's."""
    rows = Dispute.objects.for_partner(partner_id).filter(pk=dispute_id).select_related("customer", "payment__invoice")
    found = _dispute_rows(partner_id, list(rows))
    if not found:
        raise NotFound("There is no such dispute.", field="dispute")
    return found[0]


def returned_of(partner_id: UUID, payment_ids: Collection[UUID]) -> dict[UUID, Returned]:
    """What went back of each payment; absent where nothing did."""
    rows = PaymentReturn.objects.for_partner(partner_id).filter(payment__in=payment_ids).select_related("payment")
    return {
        row.payment_id: Returned(Money(row.refunded, row.payment.currency), Money(row.disputed, row.payment.currency))
        for row in rows
    }


def _refunds(partner_id: UUID, tab: RefundTab) -> TenantQuerySet[Refund]:
    rows = Refund.objects.for_partner(partner_id)
    return rows if tab is RefundTab.ALL else rows.filter(status__in=UNDER_TAB[tab])


def _disputes(partner_id: UUID, tab: DisputeTab) -> TenantQuerySet[Dispute]:
    rows = Dispute.objects.for_partner(partner_id)
    return rows if tab is DisputeTab.ALL else rows.filter(status=DisputeStatus(tab.value))


def _refund(row: Refund) -> RefundRow:
    invoice, note = (row.payment.invoice if row.payment else None), row.credit_note
    return RefundRow(
        id=row.pk,
        customer_id=row.customer_id,
        customer_name=row.customer.name,
        status=row.status,
        source=row.source,
        reason=row.reason,
        amount=row.money,
        to=row.method_text,
        note=row.note,
        invoice_id=invoice.pk if invoice and note else None,
        invoice=invoice.label if invoice and note else "",
        credit_note_id=note.pk if note else None,
        credit_note=note.label if note else "",
        requested_at=row.requested_at,
        parked=row.parked_at is not None,
    )


def _dispute_rows(partner_id: UUID, rows: Sequence[Dispute]) -> list[DisputeRow]:
    reversed_by: dict[UUID, list[str]] = {row.pk: [] for row in rows}
    if rows:
        documents = PaymentReversal.objects.for_partner(partner_id).filter(dispute__in=reversed_by)
        for document in documents.order_by("number"):
            reversed_by[document.dispute_id].append(document.label)
    return [
        DisputeRow(
            id=row.pk,
            customer_id=row.customer_id,
            customer_name=row.customer.name,
            status=row.status,
            reason=row.reason,
            amount=row.money,
            invoice_id=row.payment.invoice_id,
            invoice=row.payment.invoice.label,
            evidence_due_on=row.evidence_due_on,
            opened_at=row.opened_at,
            is_open=row.status in UNDECIDED,
            reversals=tuple(reversed_by[row.pk]),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class PayoutChoice:
    """A card payment that money can go back to, and how much."""

    payment_id: UUID
    method: str
    received_on: date
    left: Money


def payout_choices(partner_id: UUID, customer_id: UUID, *, limit: int = 10) -> tuple[Money | None, list[PayoutChoice]]:
    """The customer's largest balance, and the newest card payments in its currency that money can go back to."""
    balances = Balance.objects.for_partner(partner_id).filter(customer=customer_id, amount__gt=0)
    largest = balances.order_by("-amount", "currency").first()
    if largest is None:
        return None, []
    paid = Payment.objects.for_partner(partner_id).filter(customer=customer_id, currency=largest.currency)
    rows = list(paid.exclude(gateway_id="").order_by("-recorded_at", "-id")[:limit])
    back = returned_of(partner_id, [row.pk for row in rows])
    found = []
    for row in rows:
        gone = back.get(row.pk)
        left = row.money - gone.refunded - gone.disputed if gone else row.money
        if left.amount > 0:
            found.append(PayoutChoice(row.pk, row.method_text, row.received_on, left))
    return Money(largest.amount, largest.currency), found
