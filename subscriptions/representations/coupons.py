"""Coupons as programs see them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count
from rest_framework import serializers

from partnerpanel.kernel.ids import public
from partnerpanel.kernel.money import Money
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, MoneyShape, On, Shape, Whole, constant, id_field, one_of
from partnerpanel.wire.values import day, instant, money
from subscriptions.models import Coupon, CouponPlan, Redemption
from subscriptions.rules.coupons import CouponKind, code_key


class CouponShape(Shape):
    """Takes `percent` or `amount` off the price of a plan, for so many periods or for ever."""

    id = id_field("cpn")
    object = constant("coupon")
    code = serializers.CharField()
    name = serializers.CharField()
    kind = one_of(CouponKind)
    percent = Whole(allow_null=True)
    amount = MoneyShape(allow_null=True)
    periods = Whole(allow_null=True, help_text="Null is for ever.")
    valid_from = On(allow_null=True)
    valid_until = On(allow_null=True, help_text="The first day on which it is not redeemed any more.")
    most = Whole(allow_null=True, help_text="How often it can be redeemed in all.")
    most_each = Whole(allow_null=True, help_text="How often by one customer.")
    redeemed = Whole(help_text="How often it was.")
    plans = serializers.ListField(child=id_field("plan"))
    products = serializers.ListField(child=id_field("prod"), help_text="With neither plans nor products it fits all.")
    created_at = At()
    archived_at = At(allow_null=True)
    version = Whole()

    class Meta:
        ref_name = "Coupon"


def show(showing: Showing, rows: Sequence[Coupon]) -> list[Shown]:
    ids = [row.pk for row in rows]
    plans: defaultdict[UUID, list[str]] = defaultdict(list)
    products: defaultdict[UUID, list[str]] = defaultdict(list)
    for one in CouponPlan.objects.for_partner(showing.partner_id).filter(coupon__in=ids).order_by("pk"):
        if one.plan_id is not None:
            plans[one.coupon_id].append(public("plan", one.plan_id))
        else:
            products[one.coupon_id].append(public("prod", one.product_id))
    counted = Redemption.objects.for_partner(showing.partner_id).filter(coupon__in=ids, withdrawn=False).order_by()
    redeemed: Counter[UUID] = Counter(dict(counted.values_list("coupon").annotate(Count("pk"))))
    return [
        {
            "id": public("cpn", row.pk),
            "object": "coupon",
            "code": row.code,
            "name": row.name,
            "kind": row.kind,
            "percent": row.percent,
            "amount": None if row.amount is None else money(Money(row.amount, row.currency)),
            "periods": row.periods,
            "valid_from": day(row.from_on),
            "valid_until": day(row.until_on),
            "most": row.most,
            "most_each": row.most_each,
            "redeemed": redeemed[row.pk],
            "plans": plans[row.pk],
            "products": products[row.pk],
            "created_at": instant(row.created_at),
            "archived_at": instant(row.archived_at),
            "version": row.version,
        }
        for row in rows
    ]


COUPONS = Resource(
    name="coupons",
    kind="coupon",
    prefix="cpn",
    shape=CouponShape,
    rows=Coupon.objects.for_partner,
    show=show,
    filters={
        "code": filters.text(lambda rows, text: rows.filter(code_key=code_key(text)), "With this code."),
        "archived": filters.flag(lambda rows, yes: rows.filter(archived_at__isnull=not yes), "Whether it is archived."),
        **filters.between("created", "created_at"),
    },
)
