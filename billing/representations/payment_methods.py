"""Payment methods as programs see them: what a gateway holds, and never a card's number."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework import serializers

from billing.methods.models import PaymentMethod
from partnerpanel.kernel.ids import public
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Flag, Shape, Whole, constant, id_field, ref_field
from partnerpanel.wire.values import instant


class PaymentMethodShape(Shape):
    """A card or account that the gateway holds for a customer; renewals charge the default one."""

    id = id_field("pm")
    object = constant("payment_method")
    customer = ref_field("cus", "Customer")
    gateway = serializers.CharField()
    gateway_id = serializers.CharField(help_text="Its id at the gateway.")
    brand = serializers.CharField()
    last4 = serializers.CharField()
    expires_month = Whole(allow_null=True)
    expires_year = Whole(allow_null=True)
    is_default = Flag()
    added_at = At()
    replaced_at = At(allow_null=True)

    class Meta:
        ref_name = "PaymentMethod"


def show(_showing: Showing, rows: Sequence[PaymentMethod]) -> list[Shown]:
    return [
        {
            "id": public("pm", row.pk),
            "object": "payment_method",
            "customer": public("cus", row.customer_id),
            "gateway": row.gateway,
            "gateway_id": row.gateway_ref,
            "brand": row.brand,
            "last4": row.last4,
            "expires_month": row.exp_month,
            "expires_year": row.exp_year,
            "is_default": row.is_default,
            "added_at": instant(row.added_at),
            "replaced_at": instant(row.replaced_at),
        }
        for row in rows
    ]


PAYMENT_METHODS = Resource(
    name="payment_methods",
    kind="payment_method",
    prefix="pm",
    shape=PaymentMethodShape,
    rows=PaymentMethod.objects.for_partner,
    show=show,
    filters={
        "customer": filters.by_id("customer", "cus", "customer"),
        "is_default": filters.flag(lambda rows, yes: rows.filter(is_default=yes), "Whether renewals charge it."),
        "gateway_id": filters.text(lambda rows, text: rows.filter(gateway_ref=text), "With this id at the gateway."),
    },
    refs={"customer": "customers"},
)
