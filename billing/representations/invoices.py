"""Invoices as programs see them."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework import serializers

from billing.documents.models import Invoice
from billing.documents.states import InvoiceKind, InvoiceStatus
from billing.queries.corrections import corrections
from billing.representations.lines import LineShape, PeriodShape, lines_by_invoice, shown_line, shown_period
from partnerpanel.kernel.ids import public
from partnerpanel.kernel.money import Money
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, MoneyShape, On, Shape, Whole, constant, id_field, one_of, ref_field
from partnerpanel.wire.values import day, instant, money, ref


class InvoiceShape(Shape):
    """What a customer owes for something. Only its status and what was paid ever move."""

    id = id_field("inv")
    object = constant("invoice")
    number = serializers.CharField()
    kind = one_of(InvoiceKind)
    status = one_of(InvoiceStatus)
    customer = ref_field("cus", "Customer")
    subscription = ref_field("sub", "Subscription", nullable=True)
    corrects = ref_field("inv", "Invoice", nullable=True, help_text="The paid invoice whose place it takes.")
    corrected_by = ref_field("inv", "Invoice", nullable=True, help_text="The one that took its place.")
    period = PeriodShape(allow_null=True)
    lines = LineShape(many=True)
    subtotal = MoneyShape()
    tax = MoneyShape()
    total = MoneyShape()
    from_balance = MoneyShape(help_text="Taken from the customer’s balance when it was made.")
    paid = MoneyShape(help_text="What came since.")
    reduced = MoneyShape(help_text="Taken off by credit notes while it was open.")
    due = MoneyShape(help_text="What is left to pay; zero unless it is open.")
    issued_on = On()
    issued_at = At()
    paid_at = At(allow_null=True)
    voided_at = At(allow_null=True)
    version = Whole()

    class Meta:
        ref_name = "Invoice"


def show(showing: Showing, rows: Sequence[Invoice]) -> list[Shown]:
    ids = [row.pk for row in rows]
    lines, after = lines_by_invoice(showing.partner_id, ids), corrections(showing.partner_id, ids)
    return [
        {
            "id": public("inv", row.pk),
            "object": "invoice",
            "number": row.label,
            "kind": row.kind,
            "status": row.status,
            "customer": public("cus", row.customer_id),
            "subscription": ref("sub", row.subscription_id),
            "corrects": ref("inv", row.corrects_id),
            "corrected_by": ref("inv", after[row.pk][0]) if row.pk in after else None,
            "period": shown_period(row),
            "lines": [shown_line(line, row.currency) for line in lines.get(row.pk, [])],
            "subtotal": money(Money(row.subtotal_amount, row.currency)),
            "tax": money(Money(row.tax_amount, row.currency)),
            "total": money(row.total),
            "from_balance": money(Money(row.credit_amount, row.currency)),
            "paid": money(Money(row.paid_amount, row.currency)),
            "reduced": money(Money(row.reduced_amount, row.currency)),
            "due": money(row.due),
            "issued_on": day(row.issued_on),
            "issued_at": instant(row.issued_at),
            "paid_at": instant(row.paid_at),
            "voided_at": instant(row.voided_at),
            "version": row.version,
        }
        for row in rows
    ]


INVOICES = Resource(
    name="invoices",
    kind="invoice",
    prefix="inv",
    shape=InvoiceShape,
    rows=Invoice.objects.for_partner,
    show=show,
    filters={
        "customer": filters.by_id("customer", "cus", "customer"),
        "subscription": filters.by_id("subscription", "sub", "subscription"),
        "status": filters.word("status", InvoiceStatus),
        "kind": filters.word("kind", InvoiceKind),
        "currency": filters.text(lambda rows, text: rows.filter(currency=text), "In this currency."),
        **filters.between("issued", "issued_at"),
    },
    refs={"customer": "customers", "subscription": "subscriptions"},
)
