"""What a program sees inside of a subscription: holds, period, next invoice, change, add-ons and coupon."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from billing.rules.facts import BillingFacts
from billing.rules.next_charge import Without, next_charge
from partnerpanel.kernel.clock import start_of_day
from partnerpanel.kernel.ids import public
from partnerpanel.wire.resources import Showing, Shown
from partnerpanel.wire.shapes import At, Flag, MoneyShape, On, Shape, Whole, id_field, one_of
from partnerpanel.wire.values import day, instant, money
from subscriptions.rules.addons import AddonKind, HeldAddon
from subscriptions.rules.changes import ChangeKind, ChangeState, OpenChange
from subscriptions.rules.states import HoldKind


class HeldShape(Shape):
    """Why access is blocked."""

    id = id_field("hold")
    kind = one_of(HoldKind)
    reason = serializers.CharField()
    whole_customer = Flag(help_text="It lies on all of the customer’s subscriptions.")
    placed_at = At()

    class Meta:
        ref_name = "HoldOnIt"


def shown_hold(one: Any) -> Shown:
    return {
        "id": public("hold", one.pk),
        "kind": one.kind,
        "reason": one.reason,
        "whole_customer": one.subscription_id is None,
        "placed_at": instant(one.placed_at),
    }


class CurrentPeriodShape(Shape):
    """Half-open, in days of the subscription's zone and as instants."""

    number = Whole()
    starts_on = On()
    ends_on = On()
    starts_at = At()
    ends_at = At()

    class Meta:
        ref_name = "CurrentPeriod"


def shown_period(term: Any) -> Shown | None:
    if term is None:
        return None
    return {
        "number": term.number,
        "starts_on": day(term.starts_on),
        "ends_on": day(term.ends_on),
        "starts_at": instant(term.starts_at),
        "ends_at": instant(term.ends_at),
    }


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


def shown_next(facts: BillingFacts, showing: Showing) -> Shown | None:
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


def shown_change(one: OpenChange | None) -> Shown | None:
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


def shown_addon(one: HeldAddon) -> Shown:
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


class HeldCouponShape(Shape):
    """The coupon that takes something off, from the period of that number on."""

    coupon = id_field("cpn")
    code = serializers.CharField()
    from_period = Whole()

    class Meta:
        ref_name = "HeldCoupon"


def shown_coupon(facts: BillingFacts) -> Shown | None:
    held = facts.coupon
    if held is None:
        return None
    return {"coupon": public("cpn", held.coupon_id), "code": held.code, "from_period": held.from_term}
