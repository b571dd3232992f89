"""Movements of customers' balances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing.ledger.models import Balance, LedgerEntry
from billing.rules.plan import BillingPlan
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.bulk import insert_rows, update_rows

ENTRY = (
    "id",
    "customer",
    "currency",
    "amount",
    "balance_after",
    "reason",
    "invoice_id",
    "payment_id",
    "credit_note_id",
    "refund_id",
    "reverses_id",
    "entered_at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """What is added to a customer's balance, or taken from it below zero, and the document that says why.

    `id` is made where none is given; `reverses_id` is the entry that it takes back.
    """

    customer_id: UUID
    amount: Money
    reason: str
    invoice_id: UUID | None = None
    payment_id: UUID | None = None
    credit_note_id: UUID | None = None
    refund_id: UUID | None = None
    reverses_id: UUID | None = None
    id: UUID | None = None


def enter(plans: Sequence[BillingPlan], *, partner_id: UUID, now: datetime) -> None:
    """What voided invoices and credit notes give to balances, invoices take from them and payments leave over; under
    the customers' locks."""
    move(partner_id, [one for plan in plans for one in _movements(plan)], now=now)


def move(partner_id: UUID, movements: Iterable[Movement], *, now: datetime) -> None:
    """Writes the movements one after another, under the customers' locks.

    Raises IntegrityError where one would take a balance below zero; then none is written.
    """
    movements = [one for one in movements if one.amount]
    if not movements:
        return
    balances = _balances(partner_id, movements)
    entries = []
    for one in movements:
        key = (one.customer_id, one.amount.currency)
        id_, before = balances[key]
        after = before + one.amount.amount
        balances[key] = (id_, after)
        documents = (one.invoice_id, one.payment_id, one.credit_note_id, one.refund_id, one.reverses_id)
        entries.append((one.id or uuid7(), *key, one.amount.amount, after, one.reason, *documents, now))
    insert_rows(LedgerEntry, partner_id=partner_id, columns=ENTRY, rows=entries)
    update_rows(Balance, partner_id=partner_id, columns=["amount"], rows=balances.values())


def _movements(plan: BillingPlan) -> Iterator[Movement]:
    """What comes in first: an invoice may be paid from what the same plan gives back."""
    customer_id = plan.facts.customer_id
    for void in (plan.void, plan.move):
        if void and void.given_back:
            yield Movement(customer_id=customer_id, amount=void.given_back, reason="given_back", invoice_id=void.id)
    note, invoice = plan.credit_note, plan.invoice
    if note and note.kept:
        yield Movement(customer_id=customer_id, amount=note.kept, reason="credited", credit_note_id=note.id)
    if invoice and invoice.credit:
        yield Movement(customer_id=customer_id, amount=-invoice.credit, reason="applied", invoice_id=invoice.id)
    if plan.surplus and plan.payment:
        yield Movement(customer_id=customer_id, amount=plan.surplus, reason="overpaid", payment_id=plan.payment.id)


def _balances(partner_id: UUID, movements: Sequence[Movement]) -> dict[tuple[UUID, str], tuple[UUID, int]]:
    """The balances they move, locked, by customer and currency: id and amount. What is not there yet is made."""
    keys = {(one.customer_id, one.amount.currency) for one in movements}
    rows = Balance.objects.for_partner(partner_id).filter(customer__among={customer for customer, _currency in keys})

    def read() -> dict[tuple[UUID, str], tuple[UUID, int]]:
        found = rows.select_for_update().order_by("pk").values_list("customer_id", "currency", "pk", "amount")
        return {(customer, currency): (id_, amount) for customer, currency, id_, amount in found}

    found = read()
    if missing := keys - found.keys():
        insert_rows(
            Balance,
            partner_id=partner_id,
            columns=["customer", "currency"],
            rows=sorted(missing, key=str),
            ignore_conflicts=True,
        )
        found = read()
    return {key: found[key] for key in keys}
