"""Entries of customers' balances as programs see them."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework import serializers

from billing.ledger.models import LedgerEntry
from partnerpanel.kernel.ids import public
from partnerpanel.kernel.money import Money
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, MoneyShape, Shape, constant, id_field, ref_field
from partnerpanel.wire.values import instant, money, ref


class LedgerEntryShape(Shape):
    """One movement of a balance: `amount` was added to it, `balance` is what then stood there. None ever changes."""

    id = id_field("le")
    object = constant("ledger_entry")
    customer = ref_field("cus", "Customer")
    amount = MoneyShape()
    balance = MoneyShape()
    reason = serializers.CharField()
    invoice = ref_field("inv", "Invoice", nullable=True)
    payment = ref_field("pay", "Payment", nullable=True)
    credit_note = ref_field("cn", "CreditNote", nullable=True)
    refund = ref_field("ref", "Refund", nullable=True)
    reverses = ref_field("le", "LedgerEntry", nullable=True)
    entered_at = At()

    class Meta:
        ref_name = "LedgerEntry"


def show(_showing: Showing, rows: Sequence[LedgerEntry]) -> list[Shown]:
    return [
        {
            "id": public("le", row.pk),
            "object": "ledger_entry",
            "customer": public("cus", row.customer_id),
            "amount": money(Money(row.amount, row.currency)),
            "balance": money(Money(row.balance_after, row.currency)),
            "reason": row.reason,
            "invoice": ref("inv", row.invoice_id),
            "payment": ref("pay", row.payment_id),
            "credit_note": ref("cn", row.credit_note_id),
            "refund": ref("ref", row.refund_id),
            "reverses": ref("le", row.reverses_id),
            "entered_at": instant(row.entered_at),
        }
        for row in rows
    ]


LEDGER_ENTRIES = Resource(
    name="ledger_entries",
    kind="ledger_entry",
    prefix="le",
    shape=LedgerEntryShape,
    rows=LedgerEntry.objects.for_partner,
    show=show,
    filters={
        "customer": filters.by_id("customer", "cus", "customer"),
        "currency": filters.text(lambda rows, text: rows.filter(currency=text), "In this currency."),
        **filters.between("entered", "entered_at"),
    },
    refs={
        "customer": "customers",
        "invoice": "invoices",
        "payment": "payments",
        "credit_note": "credit_notes",
        "refund": "refunds",
        "reverses": "ledger_entries",
    },
)
