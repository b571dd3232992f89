"""Products as programs see them."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework import serializers

from partnerpanel.kernel.ids import public
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Flag, Shape, Whole, constant, id_field
from partnerpanel.wire.values import instant
from subscriptions.models import Product


class ProductShape(Shape):
    """What a partner sells; its plans are the ways to buy it."""

    id = id_field("prod")
    object = constant("product")
    name = serializers.CharField()
    archived = Flag()
    archived_at = At(allow_null=True)
    version = Whole()

    class Meta:
        ref_name = "Product"


def show(_showing: Showing, rows: Sequence[Product]) -> list[Shown]:
    return [
        {
            "id": public("prod", row.pk),
            "object": "product",
            "name": row.name,
            "archived": row.archived_at is not None,
            "archived_at": instant(row.archived_at),
            "version": row.version,
        }
        for row in rows
    ]


PRODUCTS = Resource(
    name="products",
    kind="product",
    prefix="prod",
    shape=ProductShape,
    rows=Product.objects.for_partner,
    show=show,
    filters={
        "name": filters.text(lambda rows, text: rows.filter(name=text), "Of this name."),
        "archived": filters.flag(
            lambda rows, yes: rows.filter(archived_at__isnull=not yes), "Off the shelf, or on it."
        ),
    },
)
