"""Subscriptions as programs see them: where one stands, why, and what is billed next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from billing.queries.facts import load
from billing.rules.facts import BillingFacts
from billing.rules.next_charge import Without, next_charge
from partnerpanel.kernel.clock import start_of_day
from partnerpanel.kernel.ids import public
from partnerpanel.kernel.period import Unit
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import (
    At,
    Flag,
    MoneyShape,
    On,
    Shape,
    Whole,
    constant,
    id_field,
    one_of,
    ref_field,
)
from partnerpanel.wire.values import day, instant, money
from subscriptions.queries.wire import SubscriptionRow, subscription_rows, term_of, wire_holds
from subscriptions.rules.addons import AddonKind, HeldAddon
from subscriptions.rules.changes import ChangeKind, ChangeState, OpenChange
from subscriptions.rules.states import Access, Collection, HoldKind, Lifecycle


class HeldShape(Shape):
    """Why access is blocked."""

    id = id_field("hold")
    kind = one_of(HoldKind)
    reason = serializers.CharField()
    whole_customer = Flag(help_text="It lies on all of the customer’s subscriptions.")
    placed_at = At()

    class Meta:
        ref_name = "HoldOnIt"


class CurrentPeriodShape(Shape):
    """Half-open, in days of the subscription's zone and as instants."""

    number = Whole()
    starts_on = On()
    ends_on = On()
    starts_at = At()
    ends_at = At()

    class Meta:
        ref_name = "CurrentPeriod"


class NextInvoiceShape(Shape):
    """`amount` has the tax in it, `from_balance` is taken from the customer's balance for it. Without `at` nothing is
    charged by itself, and `without` says why."""

    at = At(allow_null=True)
    on = On(allow_null=True)
    amount = MoneyShape(allow_null=True)
    tax = MoneyShape(allow_null=True)
    from_balance = MoneyShape(allow_null=True)
    by_hand = Flag(help_text="It falls due, but nobody is charged by itself.")
    without = one_of(Without, allow_null=True)

    class Meta:
        ref_name = "NextInvoice"


class PendingChangeShape(Shape):
    """A change that is agreed and has not happened yet: `scheduled` for the renewal, or `awaiting` its payment."""

    id = id_field("chg")
    kind = one_of(ChangeKind)
    state = one_of(ChangeState)
    plan = id_field("plan")
    quantity = Whole()
    price = MoneyShape(help_text="For one interval.")
    starts_on = On(allow_null=True)
    ends_on = On(allow_null=True)

    class Meta:
        ref_name = "PendingChange"


class HeldAddonShape(Shape):
    """So many of an add-on, at the price that it was sold at."""

    id = id_field("held")
    addon = id_field("addon")
    kind = one_of(AddonKind)
    quantity = Whole()
    price = MoneyShape(help_text="For one of its intervals; of a pack, once.")
    from_on = On()
    until_on = On(allow_null=True)
    leaves = Flag(help_text="It ends with the period.")

    class Meta:
        ref_name = "HeldAddon"


class HeldCouponShape(Shape):
    """The coupon that takes something off, from the period of that number on."""

    coupon = id_field("cpn")
    code = serializers.CharField()
    from_period = Whole()

    class Meta:
        ref_name = "HeldCoupon"


class SubscriptionShape(Shape):
    """One customer on one plan. `lifecycle` is where it is between start and end, `collection` how its payments stand,
    `access` whether the service is open; `holds` say why it is not."""

    id = id_field("sub")
    object = constant("subscription")
    customer = ref_field("cus", "Customer")
    plan = ref_field("plan", "Plan")
    quantity = Whole()
    unit_price = MoneyShape(help_text="At which it was sold.")
    price = MoneyShape(help_text="For one interval: unit price × quantity, before coupon and tax.")
    price_agreed = Flag(help_text="Its own price, and not the plan’s.")
    interval = one_of(Unit)
    interval_count = Whole()
    mrr = MoneyShape(help_text="What it counts for in a month, without tax.")
    lifecycle = one_of(Lifecycle)
    collection = one_of(Collection)
    access = one_of(Access)
    limited = Flag(help_text="Access is limited while it is in grace.")
    holds = HeldShape(many=True)
    current_period = CurrentPeriodShape(allow_null=True)
    next_invoice = NextInvoiceShape(allow_null=True)
    pending_change = PendingChangeShape(allow_null=True)
    addons = HeldAddonShape(many=True)
    coupon = HeldCouponShape(allow_null=True)
    payment_method = ref_field(
        "pm",
        "PaymentMethod",
        nullable=True,
        help_text="What is charged: one that was chosen for it, else the customer’s default.",
    )
    own_payment_method = Flag(help_text="Whether that was chosen for it alone.")
    cancel_at_period_end = Flag()
    auto_renew = Flag()
    paused_from = At(allow_null=True)
    paused_until = At(allow_null=True)
    started_at = At()
    trial_ends_at = At(allow_null=True)
    ended_at = At(allow_null=True)
    timezone = serializers.CharField()
    external_id = serializers.CharField()
    version = Whole()

    class Meta:
        ref_name = "Subscription"


def show(showing: Showing, rows: Sequence[SubscriptionRow]) -> list[Shown]:
    facts = load(showing.partner_id, [row.pk for row in rows], now=showing.now)
    terms = term_of(showing.partner_id, [row.pk for row in rows])
    holds = wire_holds(showing.partner_id, {row.customer_id for row in rows})
    return [
        {
            "id": public("sub", row.pk),
            "object": "subscription",
            "customer": public("cus", row.customer_id),
            "plan": public("plan", row.plan_id),
            "quantity": row.quantity,
            "unit_price": money(row.unit_price),
            "price": money(row.price),
            "price_agreed": row.price_is_agreed,
            "interval": row.plan.interval_unit,
            "interval_count": row.plan.interval_count,
            "mrr": money(row.mrr),
            "lifecycle": row.lifecycle,
            "collection": row.collection,
            "access": row.access,
            "limited": row.is_limited,
            "holds": [_hold(one) for one in holds.get(row.customer_id, []) if one.subscription_id in (None, row.pk)],
            "current_period": _period(terms.get(row.pk)),
            "next_invoice": _next(facts[row.pk], showing),
            "pending_change": _change(facts[row.pk].change),
            "addons": [_addon(one) for one in facts[row.pk].addons],
            "coupon": _coupon(facts[row.pk]),
            "payment_method": _method(facts[row.pk]),
            "own_payment_method": facts[row.pk].has_own_card,
            "cancel_at_period_end": row.cancel_at_period_end,
            "auto_renew": row.auto_renew,
            "paused_from": instant(row.paused_from),
            "paused_until": instant(row.paused_until),
            "started_at": instant(row.started_at),
            "trial_ends_at": instant(row.trial_ends_at),
            "ended_at": instant(row.ended_at),
            "timezone": row.timezone,
            "external_id": row.external_id,
            "version": row.version,
        }
        for row in rows
    ]


def _hold(one: Any) -> Shown:
    return {
        "id": public("hold", one.pk),
        "kind": one.kind,
        "reason": one.reason,
        "whole_customer": one.subscription_id is None,
        "placed_at": instant(one.placed_at),
    }


def _period(term: Any) -> Shown | None:
    if term is None:
        return None
    return {
        "number": term.number,
        "starts_on": day(term.starts_on),
        "ends_on": day(term.ends_on),
        "starts_at": instant(term.starts_at),
        "ends_at": instant(term.ends_at),
    }


def _next(facts: BillingFacts, showing: Showing) -> Shown | None:
    one = next_charge(facts, now=showing.now)
    if one.without is Without.ENDED:
        return None
    by_itself = one.on is not None and one.without is None
    return {
        "at": instant(start_of_day(one.on, facts.zone)) if one.on and by_itself else None,
        "on": day(one.on),
        "amount": money(one.amount) if one.amount is not None else None,
        "tax": money(one.tax) if one.tax is not None else None,
        "from_balance": money(one.credit) if one.credit is not None else None,
        "by_hand": one.by_hand,
        "without": one.without.value if one.without else None,
    }


def _change(one: OpenChange | None) -> Shown | None:
    if one is None:
        return None
    return {
        "id": public("chg", one.id),
        "kind": one.kind.value,
        "state": one.state.value,
        "plan": public("plan", one.deal.plan.id),
        "quantity": one.deal.quantity,
        "price": money(one.deal.price),
        "starts_on": day(one.starts_on),
        "ends_on": day(one.ends_on),
    }


def _addon(one: HeldAddon) -> Shown:
    return {
        "id": public("held", one.id),
        "addon": public("addon", one.offer.id),
        "kind": one.offer.kind.value,
        "quantity": one.quantity,
        "price": money(one.price),
        "from_on": day(one.from_on),
        "until_on": day(one.until_on),
        "leaves": one.leaves,
    }


def _method(facts: BillingFacts) -> str | None:
    return public("pm", facts.method.id) if facts.method else None


def _coupon(facts: BillingFacts) -> Shown | None:
    held = facts.coupon
    if held is None:
        return None
    return {"coupon": public("cpn", held.coupon_id), "code": held.code, "from_period": held.from_term}


SUBSCRIPTIONS = Resource(
    name="subscriptions",
    kind="subscription",
    prefix="sub",
    shape=SubscriptionShape,
    rows=subscription_rows,
    show=show,
    filters={
        "customer": filters.by_id("customer", "cus", "customer"),
        "plan": filters.by_id("plan", "plan", "plan"),
        "product": filters.by_id("plan__product", "prod", "product"),
        "lifecycle": filters.word("lifecycle", Lifecycle),
        "collection": filters.word("collection", Collection),
        "access": filters.word("access", Access),
        "cancel_at_period_end": filters.flag(
            lambda rows, yes: rows.filter(cancel_at_period_end=yes), "Whether it ends with its period."
        ),
        "external_id": filters.text(lambda rows, text: rows.filter(external_id=text), "With this number of your own."),
        **filters.between("started", "started_at"),
    },
    refs={"customer": "customers", "plan": "plans", "payment_method": "payment_methods"},
)
