"""Credit notes: the list, a customer's, those against an invoice, and one with everything that explains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from billing.documents.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine
from billing.documents.states import LineKind
from billing.ledger.models import LedgerEntry
from billing.queries.days import ALL_DAYS, Days
from billing.queries.invoice_list import number_in, of_series
from billing.queries.invoice_page import EntryView
from billing.rules.explain import derivation_from
from billing.tax.rules.amounts import Taxes, parts_from
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.paging import COUNT_CAP, Page
from partnerpanel.kernel.period import Period, period_of
from partnerpanel.tenancy import keyset
from partnerpanel.tenancy.rows import TenantQuerySet


@dataclass(frozen=True, slots=True)
class CreditNoteRow:
    """One credit note as a list shows it."""

    id: UUID
    label: str
    reason: str
    customer_id: UUID
    customer_name: str
    issued_on: date
    total: Money


@dataclass(frozen=True, slots=True)
class CreditLineView:
    """`amount` is without `taxes`. `invoice` is what the line takes back, `term` the period that was paid for
    elsewhere."""

    kind: LineKind
    text: str
    quantity: int
    amount: Money
    period: Period | None
    why: Derivation | None
    invoice_id: UUID | None
    invoice: str
    term: int | None
    taxes: Taxes = ()


@dataclass(frozen=True, slots=True)
class CreditNoteView:
    """`bought` is the invoice of the same change, which was paid from it; `entry` what reached the balance."""

    id: UUID
    label: str
    reason: str
    customer_id: UUID
    customer_name: str
    subscription_id: UUID | None
    change_id: UUID | None
    issued_at: datetime
    subtotal: Money
    tax: Money
    total: Money
    lines: Sequence[CreditLineView]
    entries: Sequence[EntryView]
    bought: Sequence[tuple[UUID, str]]


def credit_note_page(
    partner_id: UUID, *, search: str, cursor: str | None, limit: int, days: Days = ALL_DAYS
) -> Page[CreditNoteRow]:
    """One page, newest first. Raises InvalidCursor."""
    rows = _matching(partner_id, search, days).select_related("customer")
    found = keyset.page(rows, key="issued_at", descending=True, cursor=cursor, limit=limit)
    return Page([_row(row) for row in found.rows], found.previous, found.next)


def credit_note_count(partner_id: UUID, *, search: str, days: Days = ALL_DAYS) -> int:
    """Counted no further than COUNT_CAP."""
    return int(_matching(partner_id, search, days).order_by()[:COUNT_CAP].count())


def credit_notes_of(partner_id: UUID, customer_id: UUID, *, limit: int) -> list[CreditNoteRow]:
    """The customer's newest credit notes."""
    rows = CreditNote.objects.for_partner(partner_id).filter(customer=customer_id).select_related("customer")
    return [_row(row) for row in rows.order_by("-issued_at", "-id")[:limit]]


def credit_notes_against(partner_id: UUID, invoice_id: UUID) -> list[tuple[CreditNoteRow, Money]]:
    """Those with a line that takes back one of the invoice's, each with what it takes back of it, with tax; oldest
    first."""
    lines = InvoiceLine.objects.for_partner(partner_id).filter(invoice=invoice_id).values("pk")
    rows = CreditNoteLine.objects.for_partner(partner_id).filter(credits_line__in=lines)
    taken: dict[UUID, Money] = {}
    notes: dict[UUID, CreditNote] = {}
    for row in rows.select_related("credit_note__customer").order_by("credit_note__issued_at", "credit_note_id"):
        note = row.credit_note
        zero = Money.zero(note.currency)
        notes[note.pk] = note
        taken[note.pk] = taken.get(note.pk, zero) + Money(row.amount + row.tax_amount, note.currency)
    return [(_row(note), taken[id_]) for id_, note in notes.items()]


def credit_note_view(partner_id: UUID, note_id: UUID) -> CreditNoteView:
    """In four queries. Raises NotFound alike for an id that never existed and for another partner's."""
    row = CreditNote.objects.for_partner(partner_id).filter(pk=note_id).select_related("customer").first()
    if row is None:
        raise NotFound("There is no such credit note.", field="credit_note")
    return CreditNoteView(
        id=row.pk,
        label=row.label,
        reason=row.reason,
        customer_id=row.customer_id,
        customer_name=row.customer.name,
        subscription_id=row.subscription_id,
        change_id=row.change_id,
        issued_at=row.issued_at,
        subtotal=Money(row.subtotal_amount, row.currency),
        tax=Money(row.tax_amount, row.currency),
        total=row.total,
        lines=_lines(partner_id, row),
        entries=_entries(partner_id, row),
        bought=_bought(partner_id, row),
    )


def _matching(partner_id: UUID, search: str, days: Days) -> TenantQuerySet[CreditNote]:
    rows = CreditNote.objects.for_partner(partner_id).filter(days.issued())
    if not search:
        return rows
    found = number_in(search)
    if found is None:
        return rows.none()
    series, number = found
    return rows.filter(of_series(series), number=number)


def _row(row: CreditNote) -> CreditNoteRow:
    return CreditNoteRow(row.pk, row.label, row.reason, row.customer_id, row.customer.name, row.issued_on, row.total)


def _lines(partner_id: UUID, note: CreditNote) -> list[CreditLineView]:
    rows = CreditNoteLine.objects.for_partner(partner_id).filter(credit_note=note).order_by("position")
    return [
        CreditLineView(
            kind=LineKind(row.kind),
            text=row.text,
            quantity=row.quantity,
            amount=Money(row.amount, note.currency),
            period=period_of(row.period_starts_on, row.period_ends_on),
            why=derivation_from(row.derivation) if row.derivation else None,
            invoice_id=row.credits_line.invoice_id if row.credits_line else None,
            invoice=row.credits_line.invoice.label if row.credits_line else "",
            term=row.credits_term,
            taxes=parts_from(row.taxes, note.currency),
        )
        for row in rows.select_related("credits_line__invoice")
    ]


def _entries(partner_id: UUID, note: CreditNote) -> list[EntryView]:
    rows = LedgerEntry.objects.for_partner(partner_id).filter(customer=note.customer_id, credit_note_id=note.pk)
    return [
        EntryView(Money(row.amount, row.currency), Money(row.balance_after, row.currency), row.reason, row.entered_at)
        for row in rows.order_by("entered_at", "id")
    ]


def _bought(partner_id: UUID, note: CreditNote) -> list[tuple[UUID, str]]:
    if note.change_id is None or note.subscription_id is None:
        return []
    rows = Invoice.objects.for_partner(partner_id).filter(subscription=note.subscription_id, change=note.change_id)
    return [(row.pk, row.label) for row in rows.order_by("issued_at", "id")]
