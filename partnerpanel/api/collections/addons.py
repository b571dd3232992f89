"""Add-ons and coupons of the catalogue: made, changed, archived and restored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers

from partnerpanel.actions import addon_catalogue, coupon_catalogue
from partnerpanel.actions.addon_catalogue import AddonTerms
from partnerpanel.api.collections.catalogue import LARGEST_RANK, NAME_LENGTH
from partnerpanel.api.collections.making import Changing, Making
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.shapes import Flag, MoneyShape, PublicId, Shape, Text, Whole, counts, one_of
from subscriptions.queries.addon_catalogue import addon_line
from subscriptions.queries.coupon_catalogue import coupon_line
from subscriptions.rules.addons import AddonKind
from subscriptions.rules.coupons import CODE_LENGTH, LARGEST_LIMIT, WHOLE, Discount
from subscriptions.services.coupon_catalogue import MOST_PERIODS, CouponTerms


def _prices(*, required: bool = True) -> serializers.ListField:
    return serializers.ListField(child=MoneyShape(), min_length=1, max_length=50, required=required)


def _plans() -> serializers.ListField:
    return serializers.ListField(child=PublicId("plan"), required=False, max_length=500)


class AddonInput(Shape):
    example: ClassVar[Mapping[str, Any]] = {"interval": "month"}

    name = Text(max_length=NAME_LENGTH)
    product = PublicId("prod")
    kind = one_of(AddonKind)
    interval = one_of(Unit, required=False, help_text="Of what recurs or expires; a pack has none.")
    interval_count = Whole(min_value=1, max_value=1_000, required=False)
    prices = _prices()
    rank = Whole(required=False, min_value=-LARGEST_RANK, max_value=LARGEST_RANK)
    allowances = counts("What one unit adds, by name.", required=False)
    plans = _plans()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs["kind"] == AddonKind.PACK) == ("interval" in attrs):
            raise serializers.ValidationError({"interval": ["A pack has no interval, and everything else has one."]})
        return attrs


class AddonChange(Shape):
    """The fields that change; `prices`, `allowances` and `plans` replace all."""

    name = Text(max_length=NAME_LENGTH, required=False)
    prices = _prices(required=False)
    rank = Whole(required=False, min_value=-LARGEST_RANK, max_value=LARGEST_RANK)
    allowances = counts("What one unit adds, by name.", required=False)
    plans = _plans()
    archived = Flag(required=False)


class Addons(Making):
    resource_name = "addons"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "addons:read", "POST": "addons:write"}
    shape = AddonInput

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        interval = None
        if "interval" in wanted:
            interval = Interval(Unit(wanted["interval"]), wanted.get("interval_count", 1))
        terms = AddonTerms(
            name=wanted["name"],
            prices=wanted["prices"],
            rank=wanted.get("rank", 0),
            allowances=wanted.get("allowances", {}),
            plan_ids=wanted.get("plans", ()),
        )
        return addon_catalogue.create_addon(
            product_id=wanted["product"],
            kind=AddonKind(wanted["kind"]),
            interval=interval,
            terms=terms,
            actor=self.caller.actor,
            now=self.caller.now,
        )


class Addon(Changing):
    resource_name = "addons"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "addons:read", "PATCH": "addons:write"}
    change_shape = AddonChange

    def change(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        by: Any = {"actor": self.caller.actor, "now": self.caller.now}
        with tenant(self.caller.partner.pk):
            line = addon_line(self.caller.partner.pk, id_)
        if set(wanted) - {"archived"}:
            terms = AddonTerms(
                name=wanted.get("name", line.name),
                prices=wanted.get("prices", line.prices),
                rank=wanted.get("rank", line.rank),
                allowances=wanted.get("allowances", line.allowances),
                plan_ids=wanted.get("plans", [plan_id for plan_id, _name in line.plans]),
            )
            addon_catalogue.change_addon(id_, terms, version=line.version, **by)
        if wanted.get("archived", line.is_archived) is not line.is_archived:
            (addon_catalogue.archive_addon if wanted["archived"] else addon_catalogue.restore_addon)(id_, **by)


def _limit() -> Whole:
    return Whole(min_value=1, max_value=LARGEST_LIMIT, required=False, allow_null=True)


class CouponLimitsInput(Shape):
    name = Text(max_length=NAME_LENGTH, required=False, allow_blank=True)
    valid_from = serializers.DateField(required=False, allow_null=True)
    valid_until = serializers.DateField(required=False, allow_null=True)
    most = _limit()
    most_each = _limit()


class CouponCodeInput(CouponLimitsInput):
    """`percent` or `amount`. Without `periods` it takes that off once; null is for ever."""

    example: ClassVar[Mapping[str, Any]] = {"percent": 20}

    code = Text(max_length=CODE_LENGTH)
    percent = Whole(min_value=1, max_value=WHOLE, required=False)
    amount = MoneyShape(required=False)
    periods = Whole(min_value=1, max_value=MOST_PERIODS, required=False, allow_null=True)
    plans = _plans()
    products = serializers.ListField(child=PublicId("prod"), required=False, max_length=500)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("percent" in attrs) == ("amount" in attrs):
            raise serializers.ValidationError({"percent": ["Say percent or amount."]})
        return attrs


class CouponChange(CouponLimitsInput):
    """The fields that change; what a coupon takes off never does."""

    archived = Flag(required=False)


class Coupons(Making):
    resource_name = "coupons"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "coupons:read", "POST": "coupons:write"}
    shape = CouponCodeInput

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        terms = CouponTerms(
            code=wanted["code"],
            discount=Discount(wanted.get("percent"), wanted.get("amount"), wanted.get("periods", 1)),
            name=wanted.get("name", ""),
            from_on=wanted.get("valid_from"),
            until_on=wanted.get("valid_until"),
            most=wanted.get("most"),
            most_each=wanted.get("most_each"),
            plan_ids=wanted.get("plans", ()),
            product_ids=wanted.get("products", ()),
        )
        return coupon_catalogue.create_coupon(terms, actor=self.caller.actor, now=self.caller.now)


_LIMITS = {"name": "name", "valid_from": "from_on", "valid_until": "until_on", "most": "most", "most_each": "most_each"}


class Coupon(Changing):
    resource_name = "coupons"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "coupons:read", "PATCH": "coupons:write"}
    change_shape = CouponChange

    def change(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        by: Any = {"actor": self.caller.actor, "now": self.caller.now}
        with tenant(self.caller.partner.pk):
            line = coupon_line(self.caller.partner.pk, id_)
        changes = {_LIMITS[name]: value for name, value in wanted.items() if name in _LIMITS}
        if changes:
            coupon_catalogue.change_coupon(id_, replace(line.limits, **changes), version=line.version, **by)
        if wanted.get("archived", line.is_archived) is not line.is_archived:
            (coupon_catalogue.archive_coupon if wanted["archived"] else coupon_catalogue.restore_coupon)(id_, **by)
