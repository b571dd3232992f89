"""One invoice with everything that explains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from billing.charging.models import PaymentAttempt
from billing.documents.models import CreditNoteLine, Invoice, InvoiceLine, Payment
from billing.documents.states import InvoiceStatus, LineKind
from billing.ledger.models import LedgerEntry
from billing.queries.corrections import corrections
from billing.queries.returns import Returned, returned_of
from billing.rules.explain import derivation_from
from billing.tax.rules.amounts import Taxes, parts_from
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period, period_of


@dataclass(frozen=True, slots=True)
class LineView:
    """`amount` is without `taxes`. `credits_id` and `credits` name the invoice of which it takes something back."""

    kind: LineKind
    text: str
    quantity: int
    amount: Money
    period: Period | None
    why: Derivation | None
    credits_id: UUID | None
    credits: str
    taxes: Taxes = ()


@dataclass(frozen=True, slots=True)
class PaymentView:
    """Money that came in, from a card or recorded by hand with a note; what of it is `refunded`, or `disputed` by the
    customer's bank."""

    id: UUID
    invoice_id: UUID
    invoice: str
    source: str
    amount: Money
    method: str
    note: str
    received_on: date
    recorded_at: datetime
    refunded: Money
    disputed: Money

    @property
    def may_go_back(self) -> bool:
        """Whether anything of it is left that a refund could be made of."""
        return self.amount > self.refunded + self.disputed


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One charge that was asked for. `parked`: it waits for a person."""

    id: UUID
    ordinal: int
    purpose: str
    status: str
    amount: Money
    method: str
    decline_code: str
    decline_kind: str
    made_at: datetime
    settled_at: datetime | None
    parked: bool


@dataclass(frozen=True, slots=True)
class EntryView:
    """A movement of the customer's balance."""

    amount: Money
    after: Money
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """`total` is `subtotal` and `tax`. `credit` was taken from the balance; `due` is zero unless it is open.

    `corrects` is the paid invoice whose place it takes, and `corrected_by` the one that took its own: ids and numbers.
    """

    id: UUID
    label: str
    status: str
    customer_id: UUID
    customer_name: str
    subscription_id: UUID | None
    change_id: UUID | None
    starts_on: date | None
    ends_on: date | None
    issued_at: datetime
    paid_at: datetime | None
    voided_at: datetime | None
    subtotal: Money
    tax: Money
    total: Money
    credit: Money
    paid: Money
    due: Money
    corrects: tuple[UUID, str] | None
    corrected_by: tuple[UUID, str] | None
    lines: Sequence[LineView]
    payments: Sequence[PaymentView]
    attempts: Sequence[AttemptView]
    entries: Sequence[EntryView]

    @property
    def may_be_corrected(self) -> bool:
        """As far as its state goes: it is owed or paid, and no other has taken its place."""
        is_written = self.status in (InvoiceStatus.OPEN, InvoiceStatus.PAID)
        return is_written and self.subscription_id is not None and self.corrected_by is None


def invoice_view(partner_id: UUID, invoice_id: UUID) -> InvoiceView:
    """In seven queries. Raises NotFound alike for an id that never existed and for another partner's."""
    row = Invoice.objects.for_partner(partner_id).filter(pk=invoice_id).select_related("customer", "corrects").first()
    if row is None:
        raise NotFound("There is no such invoice.", field="invoice")
    payments = _payments(partner_id, Q(invoice=invoice_id))
    return InvoiceView(
        id=row.pk,
        label=row.label,
        status=row.status,
        customer_id=row.customer_id,
        customer_name=row.customer.name,
        subscription_id=row.subscription_id,
        change_id=row.change_id,
        starts_on=row.period_starts_on,
        ends_on=row.period_ends_on,
        issued_at=row.issued_at,
        paid_at=row.paid_at,
        voided_at=row.voided_at,
        subtotal=Money(row.subtotal_amount, row.currency),
        tax=Money(row.tax_amount, row.currency),
        total=row.total,
        credit=Money(row.credit_amount, row.currency),
        paid=Money(row.paid_amount, row.currency),
        due=row.due,
        corrects=(row.corrects_id, row.corrects.label) if row.corrects else None,
        corrected_by=corrections(partner_id, [row.pk]).get(row.pk),
        lines=_lines(partner_id, row),
        payments=payments,
        attempts=_attempts(partner_id, row),
        entries=_entries(partner_id, row, [payment.id for payment in payments]),
    )


def payments_of(partner_id: UUID, customer_id: UUID, *, limit: int) -> list[PaymentView]:
    """The customer's newest payments."""
    return _payments(partner_id, Q(customer=customer_id), limit=limit)


def stored_line(row: InvoiceLine | CreditNoteLine, currency: str) -> LineView:
    """A line that was read with the invoice of the line it takes back, if it takes back one."""
    return LineView(
        kind=LineKind(row.kind),
        text=row.text,
        quantity=row.quantity,
        amount=Money(row.amount, currency),
        period=period_of(row.period_starts_on, row.period_ends_on),
        why=derivation_from(row.derivation) if row.derivation else None,
        credits_id=row.credits_line.invoice_id if row.credits_line else None,
        credits=row.credits_line.invoice.label if row.credits_line else "",
        taxes=parts_from(row.taxes, currency),
    )


def _lines(partner_id: UUID, invoice: Invoice) -> list[LineView]:
    rows = InvoiceLine.objects.for_partner(partner_id).filter(invoice=invoice).order_by("position")
    return [stored_line(row, invoice.currency) for row in rows.select_related("credits_line__invoice")]


def _payments(partner_id: UUID, which: Q, *, limit: int = 100) -> list[PaymentView]:
    rows = list(
        Payment.objects.for_partner(partner_id)
        .filter(which)
        .select_related("invoice")
        .order_by("-recorded_at", "-id")[:limit]
    )
    back = returned_of(partner_id, [row.pk for row in rows])
    return [
        PaymentView(
            row.pk,
            row.invoice_id,
            row.invoice.label,
            row.source,
            row.money,
            row.method_text,
            row.note,
            row.received_on,
            row.recorded_at,
            *_returned(back.get(row.pk), row.currency),
        )
        for row in rows
    ]


def _returned(found: Returned | None, currency: str) -> tuple[Money, Money]:
    zero = Money.zero(currency)
    return (found.refunded, found.disputed) if found else (zero, zero)


def _attempts(partner_id: UUID, invoice: Invoice) -> list[AttemptView]:
    rows = PaymentAttempt.objects.for_partner(partner_id).filter(invoice=invoice).order_by("-made_at", "-id")
    return [
        AttemptView(
            row.pk,
            row.ordinal,
            row.purpose,
            row.status,
            row.money,
            row.method_text,
            row.decline_code,
            row.decline_kind,
            row.made_at,
            row.settled_at,
            row.parked_at is not None,
        )
        for row in rows
    ]


def _entries(partner_id: UUID, invoice: Invoice, payment_ids: Sequence[UUID]) -> list[EntryView]:
    rows = LedgerEntry.objects.for_partner(partner_id).filter(customer=invoice.customer_id)
    rows = rows.filter(Q(invoice_id=invoice.pk) | Q(payment_id__in=payment_ids))
    return [
        EntryView(Money(row.amount, row.currency), Money(row.balance_after, row.currency), row.reason, row.entered_at)
        for row in rows.order_by("entered_at", "id")
    ]
