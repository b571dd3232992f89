"""Products and plans: made, changed, taken off the shelf and put back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers

from partnerpanel.actions import catalogue
from partnerpanel.api.collections.making import Changing, Making
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.shapes import Flag, MoneyShape, PublicId, Shape, Text, Whole, counts, one_of
from subscriptions.queries.catalogue import plan_line, product_line
from subscriptions.rules.catalogue import PlanChange

NAME_LENGTH = 120
LARGEST_RANK = 1_000_000


class ProductInput(Shape):
    name = Text(max_length=NAME_LENGTH)


class ProductChange(Shape):
    name = Text(max_length=NAME_LENGTH, required=False)
    archived = Flag(required=False)


class PlanInput(Shape):
    """`price`, or `prices` for one in each of several currencies."""

    example: ClassVar[Mapping[str, Any]] = {
        "price": {"amount": 2900, "currency": "EUR"},
        "allowances": {"connections": 2},
    }

    name = Text(max_length=NAME_LENGTH)
    product = PublicId("prod")
    price = MoneyShape(required=False)
    prices = serializers.ListField(child=MoneyShape(), required=False, min_length=1, max_length=50)
    interval = one_of(Unit)
    interval_count = Whole(min_value=1, max_value=1_000, required=False)
    rank = Whole(required=False, min_value=-LARGEST_RANK, max_value=LARGEST_RANK)
    allowances = counts("How much of what is contained in a period, by name.", required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("price" in attrs) == ("prices" in attrs):
            raise serializers.ValidationError({"price": ["Say price or prices."]})
        return attrs


class PlanChangeInput(Shape):
    """The fields that change. `prices` replaces all; who holds the plan keeps the price that it was sold at."""

    name = Text(max_length=NAME_LENGTH, required=False)
    prices = serializers.ListField(child=MoneyShape(), required=False, min_length=1, max_length=50)
    interval = one_of(Unit, required=False)
    interval_count = Whole(min_value=1, max_value=1_000, required=False)
    rank = Whole(required=False, min_value=-LARGEST_RANK, max_value=LARGEST_RANK)
    allowances = counts("How much of what is contained in a period, by name.", required=False)
    archived = Flag(required=False)


class Products(Making):
    resource_name = "products"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "products:read", "POST": "products:write"}
    shape = ProductInput

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        return catalogue.create_product(name=wanted["name"], actor=self.caller.actor, now=self.caller.now)


class Product(Changing):
    resource_name = "products"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "products:read", "PATCH": "products:write"}
    change_shape = ProductChange

    def change(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        by: Any = {"actor": self.caller.actor, "now": self.caller.now}
        with tenant(self.caller.partner.pk):
            line = product_line(self.caller.partner.pk, id_)
        if "name" in wanted:
            catalogue.rename_product(id_, name=wanted["name"], version=line.version, **by)
        if wanted.get("archived", line.is_archived) is not line.is_archived:
            (catalogue.archive_product if wanted["archived"] else catalogue.restore_product)(id_, **by)


class Plans(Making):
    resource_name = "plans"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "plans:read", "POST": "plans:write"}
    shape = PlanInput

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        return catalogue.create_plan(
            product_id=wanted["product"],
            name=wanted["name"],
            interval=Interval(Unit(wanted["interval"]), wanted.get("interval_count", 1)),
            prices=wanted["prices"] if "prices" in wanted else [wanted["price"]],
            rank=wanted.get("rank", 0),
            allowances=wanted.get("allowances", {}),
            actor=self.caller.actor,
            now=self.caller.now,
        )


class Plan(Changing):
    resource_name = "plans"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "plans:read", "PATCH": "plans:write"}
    change_shape = PlanChangeInput

    def change(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        by: Any = {"actor": self.caller.actor, "now": self.caller.now}
        with tenant(self.caller.partner.pk):
            line = plan_line(self.caller.partner.pk, id_)
        if set(wanted) - {"archived"}:
            unit, count = Unit(wanted.get("interval", line.interval_unit)), wanted.get("interval_count")
            change = PlanChange(
                name=wanted.get("name"),
                interval=Interval(unit, count or line.interval_count),
                rank=wanted.get("rank"),
                allowances=wanted.get("allowances"),
                prices=wanted.get("prices"),
            )
            catalogue.change_plan(id_, change, version=line.version, **by)
        if wanted.get("archived", line.is_archived) is not line.is_archived:
            (catalogue.archive_plan if wanted["archived"] else catalogue.restore_plan)(id_, **by)
