"""Subscriptions as programs see them: where one stands, why, and what is billed next."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework import serializers

from billing.queries.facts import load
from billing.representations.subscription_parts import (
    CurrentPeriodShape,
    HeldAddonShape,
    HeldCouponShape,
    HeldShape,
    NextInvoiceShape,
    PendingChangeShape,
    shown_addon,
    shown_change,
    shown_coupon,
    shown_hold,
    shown_next,
    shown_period,
)
from billing.rules.facts import BillingFacts
from partnerpanel.kernel.ids import public
from partnerpanel.kernel.period import Unit
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import (
    At,
    Flag,
    MoneyShape,
    Shape,
    Whole,
    constant,
    id_field,
    one_of,
    ref_field,
)
from partnerpanel.wire.values import instant, money
from subscriptions.queries.wire import SubscriptionRow, subscription_rows, term_of, wire_holds
from subscriptions.rules.states import Access, Collection, Lifecycle


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
            "holds": [
                shown_hold(one) for one in holds.get(row.customer_id, []) if one.subscription_id in (None, row.pk)
            ],
            "current_period": shown_period(terms.get(row.pk)),
            "next_invoice": shown_next(facts[row.pk], showing),
            "pending_change": shown_change(facts[row.pk].change),
            "addons": [shown_addon(one) for one in facts[row.pk].addons],
            "coupon": shown_coupon(facts[row.pk]),
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


def _method(facts: BillingFacts) -> str | None:
    return public("pm", facts.method.id) if facts.method else None


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
