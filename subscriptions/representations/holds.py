"""Holds as programs see them."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework import serializers

from partnerpanel.kernel.ids import public
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Shape, constant, id_field, one_of, ref_field
from partnerpanel.wire.values import instant, ref
from subscriptions.models import Hold
from subscriptions.rules.states import HoldKind


class HoldShape(Shape):
    """Why access is or was blocked, on one subscription, or without one on all of the customer's."""

    id = id_field("hold")
    object = constant("hold")
    customer = ref_field("cus", "Customer")
    subscription = ref_field("sub", "Subscription", nullable=True)
    kind = one_of(HoldKind)
    reason = serializers.CharField()
    placed_at = At()
    released_at = At(allow_null=True)

    class Meta:
        ref_name = "Hold"


def show(_showing: Showing, rows: Sequence[Hold]) -> list[Shown]:
    return [
        {
            "id": public("hold", row.pk),
            "object": "hold",
            "customer": public("cus", row.customer_id),
            "subscription": ref("sub", row.subscription_id),
            "kind": row.kind,
            "reason": row.reason,
            "placed_at": instant(row.placed_at),
            "released_at": instant(row.released_at),
        }
        for row in rows
    ]


HOLDS = Resource(
    name="holds",
    kind="hold",
    prefix="hold",
    shape=HoldShape,
    rows=Hold.objects.for_partner,
    show=show,
    filters={
        "customer": filters.by_id("customer", "cus", "customer"),
        "subscription": filters.by_id("subscription", "sub", "subscription"),
        "kind": filters.word("kind", HoldKind),
        "open": filters.flag(lambda rows, yes: rows.filter(released_at__isnull=yes), "Whether it blocks still."),
        **filters.between("placed", "placed_at"),
    },
    refs={"customer": "customers", "subscription": "subscriptions"},
)
