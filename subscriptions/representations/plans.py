"""Plans as programs see them."""

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
from subscriptions.models import Plan, PlanPrice


class PlanShape(Shape):
    """A way to buy a product: its interval, its price in each currency, and what it contains."""

    id = id_field("plan")
    object = constant("plan")
    product = ref_field("prod", "Product")
    name = serializers.CharField()
    interval = one_of(Unit)
    interval_count = Whole()
    rank = Whole(help_text="Among the plans of its product: a change to a higher one is an upgrade.")
    prices = serializers.ListField(child=MoneyShape(), help_text="For one interval, one in each currency.")
    allowances = counts("How much of what is contained in a period, by name.")
    sellable = Flag(help_text="Neither it nor its product is archived.")
    archived_at = At(allow_null=True)
    version = Whole()

    class Meta:
        ref_name = "Plan"


def show(showing: Showing, rows: Sequence[Plan]) -> list[Shown]:
    prices: defaultdict[UUID, list[Any]] = defaultdict(list)
    found = PlanPrice.objects.for_partner(showing.partner_id).filter(plan__in=[row.pk for row in rows])
    for price in found.order_by("currency"):
        prices[price.plan_id].append(money(price.money))
    return [
        {
            "id": public("plan", row.pk),
            "object": "plan",
            "product": public("prod", row.product_id),
            "name": row.name,
            "interval": row.interval_unit,
            "interval_count": row.interval_count,
            "rank": row.rank,
            "prices": prices[row.pk],
            "allowances": row.allowances,
            "sellable": row.is_sellable,
            "archived_at": instant(row.archived_at),
            "version": row.version,
        }
        for row in rows
    ]


def _rows(partner_id: UUID) -> TenantQuerySet[Plan]:
    return Plan.objects.for_partner(partner_id).select_related("product")


_ON_SALE = Q(archived_at=None, product__archived_at=None)

PLANS = Resource(
    name="plans",
    kind="plan",
    prefix="plan",
    shape=PlanShape,
    rows=_rows,
    show=show,
    filters={
        "product": filters.by_id("product", "prod", "product"),
        "interval": filters.word("interval_unit", Unit, "Billed by this unit of time."),
        "name": filters.text(lambda rows, text: rows.filter(name=text), "Of this name."),
        "sellable": filters.flag(lambda rows, yes: rows.filter(_ON_SALE if yes else ~_ON_SALE), "Whether it is sold."),
    },
    refs={"product": "products"},
)
