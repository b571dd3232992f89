"""Rules of offers, and offers that were made, as programs see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from rest_framework import serializers

from partnerpanel.kernel.ids import public
from partnerpanel.kernel.money import Money
from partnerpanel.offers.models import OfferMade, OfferRule
from partnerpanel.offers.rules.offers import Moment, OfferKind, Outcome
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Flag, MoneyShape, On, Shape, Whole, constant, id_field, one_of
from partnerpanel.wire.values import instant, money


class OfferRuleShape(Shape):
    """What is offered when, to whom. One of `coupon`, `pause_months` and `plan` is set; what is null or empty is
    no condition."""

    id = id_field("ofr")
    object = constant("offer_rule")
    moment = one_of(Moment)
    name = serializers.CharField()
    position = Whole(help_text="Of several that fit, the lowest is shown.")
    kind = one_of(OfferKind)
    coupon = id_field("cpn", nullable=True)
    pause_months = Whole(allow_null=True)
    plan = id_field("plan", nullable=True)
    reasons = serializers.ListField(child=serializers.CharField())
    plans = serializers.ListField(child=id_field("plan"))
    products = serializers.ListField(child=id_field("prod"))
    months_from = Whole(allow_null=True, help_text="Paid months, at least.")
    months_to = Whole(allow_null=True, help_text="Paid months, at most.")
    price_from = MoneyShape(allow_null=True)
    price_to = MoneyShape(allow_null=True)
    rest_months = Whole(allow_null=True, help_text="Not for who took an offer within so many months.")
    to_plans = serializers.ListField(child=id_field("plan"), help_text="For going up: the better plans.")
    until_on = On(allow_null=True, help_text="Before that day.")
    is_on = Flag()
    created_at = At()
    version = Whole()

    class Meta:
        ref_name = "OfferRule"


class OfferShape(Shape):
    """An offer as it was shown to somebody."""

    id = id_field("mof")
    object = constant("offer")
    rule = id_field("ofr")
    moment = one_of(Moment)
    kind = one_of(OfferKind)
    customer = id_field("cus")
    subscription = id_field("sub")
    reason = serializers.CharField(help_text="Why the customer leaves; empty where nobody said.")
    outcome = one_of(Outcome)
    monthly = MoneyShape(allow_null=True, help_text="What a month of the subscription came to when it was settled.")
    made_at = At()
    settled_at = At(allow_null=True)

    class Meta:
        ref_name = "Offer"


def show_rules(_showing: Showing, rows: Sequence[OfferRule]) -> list[Shown]:
    return [_rule(row) for row in rows]


def show_offers(_showing: Showing, rows: Sequence[OfferMade]) -> list[Shown]:
    return [
        {
            "id": public("mof", row.pk),
            "object": "offer",
            "rule": public("ofr", row.rule_id),
            "moment": row.moment,
            "kind": row.kind,
            "customer": public("cus", row.customer_id),
            "subscription": public("sub", row.subscription_id),
            "reason": row.reason,
            "outcome": row.outcome,
            "monthly": None if row.amount is None else money(Money(row.amount, row.currency)),
            "made_at": instant(row.made_at),
            "settled_at": instant(row.settled_at),
        }
        for row in rows
    ]


def _rule(row: OfferRule) -> Shown:
    rule = row.as_rule
    offer, wanted = rule.offer, rule.conditions
    return {
        "id": public("ofr", row.pk),
        "object": "offer_rule",
        "moment": rule.moment.value,
        "name": rule.name,
        "position": rule.position,
        "kind": offer.kind.value,
        "coupon": _id("cpn", offer.coupon_id),
        "pause_months": offer.pause_months,
        "plan": _id("plan", offer.plan_id),
        "reasons": list(wanted.reasons),
        "plans": [public("plan", one) for one in wanted.plans],
        "products": [public("prod", one) for one in wanted.products],
        "months_from": wanted.months_from,
        "months_to": wanted.months_to,
        "price_from": _money(wanted.price_from),
        "price_to": _money(wanted.price_to),
        "rest_months": wanted.rest_months,
        "to_plans": [public("plan", one) for one in wanted.to_plans],
        "until_on": wanted.until_on.isoformat() if wanted.until_on else None,
        "is_on": rule.is_on,
        "created_at": instant(row.created_at),
        "version": rule.version,
    }


def _id(prefix: str, id_: UUID | None) -> str | None:
    return public(prefix, id_) if id_ else None


def _money(amount: Money | None) -> Any:
    return money(amount) if amount is not None else None


OFFER_RULES = Resource(
    name="offer_rules",
    kind="offer_rule",
    prefix="ofr",
    shape=OfferRuleShape,
    rows=OfferRule.objects.for_partner,
    show=show_rules,
    filters={
        "moment": filters.word("moment", Moment, "Shown then."),
        "on": filters.flag(lambda rows, yes: rows.filter(is_on=yes), "Whether it is on."),
    },
)
OFFERS = Resource(
    name="offers",
    kind="offer",
    prefix="mof",
    shape=OfferShape,
    rows=OfferMade.objects.for_partner,
    show=show_offers,
    filters={
        "customer": filters.by_id("customer", "cus", "customer"),
        "subscription": filters.by_id("subscription", "sub", "subscription"),
        "rule": filters.by_id("rule", "ofr", "rule"),
        "outcome": filters.word("outcome", Outcome, "With this outcome."),
        **filters.between("made", "made_at"),
    },
    refs={"customer": "customers", "subscription": "subscriptions", "rule": "offer_rules"},
)
