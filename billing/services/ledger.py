"""Movements of customers' balances."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from billing.ledger.models import Balance, LedgerEntry
from billing.rules.plan import BillingPlan
from partnerpanel.kernel.money import Money


def enter(plans: Sequence[BillingPlan], *, partner_id: UUID, now: datetime) -> None:
    """What voided invoices and credit notes give to balances, invoices take from them and payments leave over; under
    the customers' locks."""
    for plan in plans:
        customer_id = plan.facts.customer_id
        # What comes in first: an invoice may be paid from what the same plan gives back.
        for move in (plan.void, plan.move):
            if move and move.given_back:
                pay_in(partner_id, customer_id, move.given_back, "given_back", now, invoice_id=move.id)
        if plan.credit_note and plan.credit_note.kept:
            pay_in(partner_id, customer_id, plan.credit_note.kept, "credited", now, credit_note_id=plan.credit_note.id)
        if plan.invoice and plan.invoice.credit:
            pay_in(partner_id, customer_id, -plan.invoice.credit, "applied", now, invoice_id=plan.invoice.id)
        if plan.surplus and plan.payment:
            pay_in(partner_id, customer_id, plan.surplus, "overpaid", now, payment_id=plan.payment.id)


def pay_in(
    partner_id: UUID,
    customer_id: UUID,
    amount: Money,
    reason: str,
    now: datetime,
    *,
    invoice_id: UUID | None = None,
    payment_id: UUID | None = None,
    credit_note_id: UUID | None = None,
    refund_id: UUID | None = None,
) -> None:
    """Moves a balance under the customer's lock, down for an amount below zero; never below zero, says the database."""
    rows = Balance.objects.for_partner(partner_id)
    rows.bulk_create(
        [Balance(partner_id=partner_id, customer_id=customer_id, currency=amount.currency)], ignore_conflicts=True
    )
    balance = rows.select_for_update().get(customer=customer_id, currency=amount.currency)
    after = balance.amount + amount.amount
    LedgerEntry.objects.create(
        partner_id=partner_id,
        customer_id=customer_id,
        currency=amount.currency,
        amount=amount.amount,
        balance_after=after,
        reason=reason,
        invoice_id=invoice_id,
        payment_id=payment_id,
        credit_note_id=credit_note_id,
        refund_id=refund_id,
        entered_at=now,
    )
    rows.filter(pk=balance.pk).update(amount=after)
