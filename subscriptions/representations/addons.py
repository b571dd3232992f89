"""Add-ons as programs see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from rest_framework import serializers

from partnerpanel.kernel.ids import public
from partnerpanel.kernel.period import Unit
from partnerpanel.tenancy.rows import TenantQuerySet
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Flag, MoneyShape, Shape, Whole, constant, counts, id_field, one_of, ref_field
from partnerpanel.wire.values import instant, money
from subscriptions.models import Addon, AddonPlan, AddonPrice
from subscriptions.rules.addons import AddonKind


class AddonShape(Shape):
    """What is sold beside the plans of a product. A pack has no interval: it is bought once and used up."""

    id = id_field("addon")
    object = constant("addon")
    product = ref_field("prod", "Product")
    name = serializers.CharField()
    kind = one_of(AddonKind)
    interval = one_of(Unit, allow_null=True)
    interval_count = Whole()
    rank = Whole()
    prices = serializers.ListField(child=MoneyShape(), help_text="Of one unit, one in each currency.")
    allowances = counts("What one unit adds, by name.")
    plans = serializers.ListField(child=id_field("plan"), help_text="That it fits; without any, all of its product.")
    sellable = Flag()
    archived_at = At(allow_null=True)
    version = Whole()

    class Meta:
        ref_name = "Addon"


def show(showing: Showing, rows: Sequence[Addon]) -> list[Shown]:
    ids = [row.pk for row in rows]
    prices: defaultdict[UUID, list[Any]] = defaultdict(list)
    for price in AddonPrice.objects.for_partner(showing.partner_id).filter(addon__in=ids).order_by("currency"):
        prices[price.addon_id].append(money(price.money))
    plans: defaultdict[UUID, list[str]] = defaultdict(list)
    for fitting in AddonPlan.objects.for_partner(showing.partner_id).filter(addon__in=ids).order_by("plan"):
        plans[fitting.addon_id].append(public("plan", fitting.plan_id))
    return [
        {
            "id": public("addon", row.pk),
            "object": "addon",
            "product": public("prod", row.product_id),
            "name": row.name,
            "kind": row.kind,
            "interval": row.interval_unit or None,
            "interval_count": row.interval_count,
            "rank": row.rank,
            "prices": prices[row.pk],
            "allowances": row.allowances,
            "plans": plans[row.pk],
            "sellable": row.archived_at is None and row.product.archived_at is None,
            "archived_at": instant(row.archived_at),
            "version": row.version,
        }
        for row in rows
    ]


def _rows(partner_id: UUID) -> TenantQuerySet[Addon]:
    return Addon.objects.for_partner(partner_id).select_related("product")


_ON_SALE = Q(archived_at=None, product__archived_at=None)

ADDONS = Resource(
    name="addons",
    kind="addon",
    prefix="addon",
    shape=AddonShape,
    rows=_rows,
    show=show,
    filters={
        "product": filters.by_id("product", "prod", "product"),
        "kind": filters.word("kind", AddonKind),
        "sellable": filters.flag(lambda rows, yes: rows.filter(_ON_SALE if yes else ~_ON_SALE), "Whether it is sold."),
    },
    refs={"product": "products"},
)
