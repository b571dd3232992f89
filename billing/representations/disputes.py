"""Disputes as programs see them."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework import serializers

from billing.disputes.models import Dispute
from billing.disputes.states import DisputeStatus
from partnerpanel.kernel.ids import public
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, MoneyShape, On, Shape, Whole, constant, id_field, one_of, ref_field
from partnerpanel.wire.values import day, instant, money


class DisputeShape(Shape):
    """A payment that the customer's bank wants back."""

    id = id_field("dp")
    object = constant("dispute")
    customer = ref_field("cus", "Customer")
    payment = ref_field("pay", "Payment")
    amount = MoneyShape()
    status = one_of(DisputeStatus)
    reason = serializers.CharField()
    gateway = serializers.CharField()
    gateway_id = serializers.CharField()
    evidence_due_on = On(allow_null=True)
    opened_at = At()
    decided_at = At(allow_null=True)
    version = Whole()

    class Meta:
        ref_name = "Dispute"


def show(_showing: Showing, rows: Sequence[Dispute]) -> list[Shown]:
    return [
        {
            "id": public("dp", row.pk),
            "object": "dispute",
            "customer": public("cus", row.customer_id),
            "payment": public("pay", row.payment_id),
            "amount": money(row.money),
            "status": row.status,
            "reason": row.reason,
            "gateway": row.gateway,
            "gateway_id": row.gateway_id,
            "evidence_due_on": day(row.evidence_due_on),
            "opened_at": instant(row.opened_at),
            "decided_at": instant(row.decided_at),
            "version": row.version,
        }
        for row in rows
    ]


DISPUTES = Resource(
    name="disputes",
    kind="dispute",
    prefix="dp",
    shape=DisputeShape,
    rows=Dispute.objects.for_partner,
    show=show,
    filters={
        "customer": filters.by_id("customer", "cus", "customer"),
        "payment": filters.by_id("payment", "pay", "payment"),
        "status": filters.word("status", DisputeStatus),
        **filters.between("opened", "opened_at"),
    },
    refs={"customer": "customers", "payment": "payments"},
)
