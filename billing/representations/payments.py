"""Payments as programs see them."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework import serializers

from billing.documents.models import Payment
from billing.documents.states import PaymentSource
from partnerpanel.kernel.ids import public
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, MoneyShape, On, Shape, constant, id_field, one_of, ref_field
from partnerpanel.wire.values import day, instant, money


class PaymentShape(Shape):
    """Money that came in for an invoice: charged through a gateway, or recorded by hand."""

    id = id_field("pay")
    object = constant("payment")
    customer = ref_field("cus", "Customer")
    invoice = ref_field("inv", "Invoice")
    amount = MoneyShape()
    source = one_of(PaymentSource)  # type: ignore[assignment]
    method = serializers.CharField(help_text="What it was paid with, such as “Visa 4242”.")
    gateway = serializers.CharField()
    gateway_id = serializers.CharField(help_text="The charge’s id at the gateway.")
    note = serializers.CharField()
    received_on = On()
    recorded_at = At()

    class Meta:
        ref_name = "Payment"


def show(_showing: Showing, rows: Sequence[Payment]) -> list[Shown]:
    return [
        {
            "id": public("pay", row.pk),
            "object": "payment",
            "customer": public("cus", row.customer_id),
            "invoice": public("inv", row.invoice_id),
            "amount": money(row.money),
            "source": row.source,
            "method": row.method_text,
            "gateway": row.gateway,
            "gateway_id": row.gateway_id,
            "note": row.note,
            "received_on": day(row.received_on),
            "recorded_at": instant(row.recorded_at),
        }
        for row in rows
    ]


PAYMENTS = Resource(
    name="payments",
    kind="payment",
    prefix="pay",
    shape=PaymentShape,
    rows=Payment.objects.for_partner,
    show=show,
    filters={
        "customer": filters.by_id("customer", "cus", "customer"),
        "invoice": filters.by_id("invoice", "inv", "invoice"),
        "source": filters.word("source", PaymentSource),
        "currency": filters.text(lambda rows, text: rows.filter(currency=text), "In this currency."),
        **filters.between("recorded", "recorded_at"),
    },
    refs={"customer": "customers", "invoice": "invoices"},
)
