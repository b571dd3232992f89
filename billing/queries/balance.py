"""A customer's balance, movement by movement, each with what it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing.documents.models import CreditNote, Invoice
from billing.ledger.models import Balance, LedgerEntry
from billing.ledger.states import GRANTED, TAKEN_BACK, CreditReason
from partnerpanel.events.queries import Entry, of_objects
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.paging import Page
from partnerpanel.tenancy import keyset


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """One movement: what was added (below zero: taken), what then stood there, and why.

    `document` is the number of what it came from, by id. A credit given by hand has its `why`, `note` and who gave it;
    `can_be_taken_back` while nobody has.
    """

    id: UUID
    amount: Money
    after: Money
    reason: str
    at: datetime
    invoice_id: UUID | None
    credit_note_id: UUID | None
    document: str
    why: CreditReason | None
    note: str
    actor_id: UUID | None
    can_be_taken_back: bool


@dataclass(frozen=True, slots=True)
class GivenCredit:
    """A credit given by hand, whose it is, and how much of it the balance still holds."""

    id: UUID
    customer_id: UUID
    amount: Money
    left: Money


def balance_page(partner_id: UUID, customer_id: UUID, *, cursor: str | None, limit: int) -> Page[BalanceLine]:
    """One page, newest first, in a constant number of queries. Raises InvalidCursor."""
    rows = LedgerEntry.objects.for_partner(partner_id).filter(customer=customer_id)
    found = keyset.page(rows, key="entered_at", descending=True, cursor=cursor, limit=limit)
    return Page(_lines(partner_id, found.rows), found.previous, found.next)


def given_credit(partner_id: UUID, entry_id: UUID) -> GivenCredit:
    """Raises NotFound."""
    row = LedgerEntry.objects.for_partner(partner_id).filter(pk=entry_id, reason=GRANTED).first()
    if row is None:
        raise NotFound("There is no such credit.", field="credit")
    balance = Balance.objects.for_partner(partner_id).filter(customer=row.customer_id, currency=row.currency)
    left = min(row.amount, sum(balance.values_list("amount", flat=True)))
    return GivenCredit(row.pk, row.customer_id, Money(row.amount, row.currency), Money(left, row.currency))


def _lines(partner_id: UUID, rows: Sequence[LedgerEntry]) -> list[BalanceLine]:
    invoices = Invoice.objects.for_partner(partner_id).filter(pk__in=[row.invoice_id for row in rows if row.invoice_id])
    notes = CreditNote.objects.for_partner(partner_id).filter(
        pk__in=[row.credit_note_id for row in rows if row.credit_note_id]
    )
    labels = {row.pk: row.label for row in invoices} | {row.pk: row.label for row in notes}
    granted = [row.pk for row in rows if row.reason == GRANTED]
    taken = LedgerEntry.objects.for_partner(partner_id).filter(reverses_id__in=granted)
    reversed_ids = set(taken.values_list("reverses_id", flat=True)) if granted else set()
    told = _told(partner_id, rows)
    return [_line(row, labels, told.get((row.reverses_id or row.pk, row.reason)), reversed_ids) for row in rows]


def _told(partner_id: UUID, rows: Sequence[LedgerEntry]) -> dict[tuple[UUID, str], Entry]:
    """What people said of entries by hand, by the credit and what happened to it."""
    ids = {row.reverses_id or row.pk for row in rows if row.reason == GRANTED or row.reverses_id}
    kinds = {"balance.credited": GRANTED, "balance.credit_taken_back": TAKEN_BACK}
    return {(one.object_id, kinds[one.kind]): one for one in of_objects(partner_id, "credit", ids)}


def _line(row: LedgerEntry, labels: dict[UUID, str], told: Entry | None, taken_back: set[UUID | None]) -> BalanceLine:
    return BalanceLine(
        id=row.pk,
        amount=Money(row.amount, row.currency),
        after=Money(row.balance_after, row.currency),
        reason=row.reason,
        at=row.entered_at,
        invoice_id=row.invoice_id if row.invoice_id in labels else None,
        credit_note_id=row.credit_note_id if row.credit_note_id in labels else None,
        document=next((labels[id_] for id_ in (row.invoice_id, row.credit_note_id) if id_ in labels), ""),
        why=CreditReason(told.data["reason"]) if told and "reason" in told.data else None,
        note=told.words.get("note", "") if told else "",
        actor_id=told.actor_id if told else None,
        can_be_taken_back=row.reason == GRANTED and row.pk not in taken_back,
    )
