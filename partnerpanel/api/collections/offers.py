"""Rules of offers: made, changed, switched on and off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers

from partnerpanel.actions import offer_rules
from partnerpanel.actions.offer_rules import RuleTerms
from partnerpanel.api.collections.making import Changing, Making
from partnerpanel.offers.queries.offer_rules import rule_line
from partnerpanel.offers.rules.offers import (
    LAST_PLACE,
    MOST_MONTHS,
    NAME_LENGTH,
    PAUSES,
    Conditions,
    Moment,
    Offer,
    OfferKind,
)
from partnerpanel.offers.rules.survey import CODE_LENGTH
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.shapes import Flag, MoneyShape, PublicId, Shape, Text, Whole, one_of

LISTS = ("reasons", "plans", "products", "to_plans")
CONDITIONS = ("months_from", "months_to", "price_from", "price_to", "rest_months", "until_on")


def _months() -> Whole:
    return Whole(min_value=0, max_value=MOST_MONTHS, required=False, allow_null=True)


class OfferConditions(Shape):
    """Whom it is for: what is left out is no condition."""

    reasons = serializers.ListField(child=Text(max_length=CODE_LENGTH), required=False, max_length=50)
    plans = serializers.ListField(child=PublicId("plan"), required=False, max_length=500)
    products = serializers.ListField(child=PublicId("prod"), required=False, max_length=500)
    months_from = _months()
    months_to = _months()
    price_from = MoneyShape(required=False, allow_null=True)
    price_to = MoneyShape(required=False, allow_null=True)
    rest_months = _months()
    to_plans = serializers.ListField(child=PublicId("plan"), required=False, max_length=500)
    until_on = serializers.DateField(required=False, allow_null=True)
    is_on = Flag(required=False)


class OfferRuleInput(OfferConditions):
    """Exactly one of `coupon`, `pause_months` and `plan`."""

    example: ClassVar[Mapping[str, Any]] = {"moment": "leaving", "pause_months": 2}

    name = Text(max_length=NAME_LENGTH)
    moment = one_of(Moment)
    position = Whole(min_value=1, max_value=LAST_PLACE, required=False)
    coupon = PublicId("cpn", required=False)
    pause_months = Whole(min_value=min(PAUSES), max_value=max(PAUSES), required=False)
    plan = PublicId("plan", required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(name in attrs for name in ("coupon", "pause_months", "plan")) != 1:
            raise serializers.ValidationError({"coupon": ["Say one of coupon, pause_months and plan."]})
        return attrs


class OfferRuleChange(OfferConditions):
    """The fields that change; lists replace all. What is offered does not change: make another rule for that."""

    name = Text(max_length=NAME_LENGTH, required=False)
    position = Whole(min_value=1, max_value=LAST_PLACE, required=False)


class OfferRules(Making):
    resource_name = "offer_rules"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "offer_rules:read", "POST": "offer_rules:write"}
    shape = OfferRuleInput

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        terms = RuleTerms(
            wanted["moment"] if isinstance(wanted["moment"], Moment) else Moment(wanted["moment"]),
            wanted["name"],
            _offer(wanted),
            _conditions(Conditions(), wanted),
            wanted.get("position", 1),
            wanted.get("is_on", True),
        )
        return offer_rules.create_rule(terms, actor=self.caller.actor, now=self.caller.now)


class OfferRule(Changing):
    resource_name = "offer_rules"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "offer_rules:read", "PATCH": "offer_rules:write"}
    change_shape = OfferRuleChange

    def change(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        by: Any = {"actor": self.caller.actor, "now": self.caller.now}
        with tenant(self.caller.partner.pk):
            rule = rule_line(self.caller.partner.pk, id_).rule
        terms = RuleTerms(
            rule.moment,
            wanted.get("name", rule.name),
            rule.offer,
            _conditions(rule.conditions, wanted),
            wanted.get("position", rule.position),
            wanted.get("is_on", rule.is_on),
        )
        offer_rules.change_rule(id_, terms, version=rule.version, **by)


def _offer(wanted: Mapping[str, Any]) -> Offer:
    if "coupon" in wanted:
        return Offer(OfferKind.COUPON, coupon_id=wanted["coupon"])
    if "plan" in wanted:
        return Offer(OfferKind.PLAN, plan_id=wanted["plan"])
    return Offer(OfferKind.PAUSE, pause_months=wanted["pause_months"])


def _conditions(before: Conditions, wanted: Mapping[str, Any]) -> Conditions:
    changes: dict[str, Any] = {name: tuple(wanted[name]) for name in LISTS if name in wanted}
    changes |= {name: wanted[name] for name in CONDITIONS if name in wanted}
    return replace(before, **changes)
