"""Refunds as programs see them."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework import serializers

from billing.refunds.models import Refund
from billing.refunds.states import RefundReason, RefundSource, RefundStatus
from partnerpanel.kernel.ids import public
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, MoneyShape, Shape, constant, id_field, one_of, ref_field
from partnerpanel.wire.values import instant, money, ref


class RefundShape(Shape):
    """Money of a payment, or of a balance, that goes back. Until `succeeded` or `failed` it is on its way."""

    id = id_field("ref")
    object = constant("refund")
    customer = ref_field("cus", "Customer")
    subscription = ref_field("sub", "Subscription", nullable=True)
    payment = ref_field("pay", "Payment", nullable=True)
    credit_note = ref_field("cn", "CreditNote", nullable=True)
    amount = MoneyShape()
    status = one_of(RefundStatus)
    source = one_of(RefundSource)  # type: ignore[assignment]
    reason = one_of(RefundReason)
    note = serializers.CharField()
    method = serializers.CharField(help_text="What it is paid back to.")
    gateway_id = serializers.CharField()
    failure_code = serializers.CharField()
    requested_at = At()
    settled_at = At(allow_null=True)

    class Meta:
        ref_name = "Refund"


def show(_showing: Showing, rows: Sequence[Refund]) -> list[Shown]:
    return [
        {
            "id": public("ref", row.pk),
            "object": "refund",
            "customer": public("cus", row.customer_id),
            "subscription": ref("sub", row.subscription_id),
            "payment": ref("pay", row.payment_id),
            "credit_note": ref("cn", row.credit_note_id),
            "amount": money(row.money),
            "status": row.status,
            "source": row.source,
            "reason": row.reason,
            "note": row.note,
            "method": row.method_text,
            "gateway_id": row.gateway_id,
            "failure_code": row.failure_code,
            "requested_at": instant(row.requested_at),
            "settled_at": instant(row.settled_at),
        }
        for row in rows
    ]


REFUNDS = Resource(
    name="refunds",
    kind="refund",
    prefix="ref",
    shape=RefundShape,
    rows=Refund.objects.for_partner,
    show=show,
    filters={
        "customer": filters.by_id("customer", "cus", "customer"),
        "subscription": filters.by_id("subscription", "sub", "subscription"),
        "payment": filters.by_id("payment", "pay", "payment"),
        "status": filters.word("status", RefundStatus),
        **filters.between("requested", "requested_at"),
    },
    refs={
        "customer": "customers",
        "subscription": "subscriptions",
        "payment": "payments",
        "credit_note": "credit_notes",
    },
)
