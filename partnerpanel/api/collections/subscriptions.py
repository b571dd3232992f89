"""Subscriptions: a customer buys a plan, previewed or at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.rules.subscribing import FirstPayment
from customers.queries.detail import customer
from partnerpanel.actions import door
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.subscribe import AddonChoice, Subscribe
from partnerpanel.actions.verb import Target
from partnerpanel.api.collections.making import Making
from partnerpanel.api.objects import OfResource
from partnerpanel.api.operations import Operation
from partnerpanel.api.quotes import QuoteShape, shown_quote
from partnerpanel.api.verbs.inputs import LARGEST
from partnerpanel.api.verbs.spec import VerbInput
from partnerpanel.kernel.clock import local_date
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.shapes import Flag, Instant, MoneyShape, PublicId, Shape, Text, Whole, one_of
from subscriptions.queries.catalogue import plan_line

MOST_ADDONS = 20


class AddonChoiceInput(Shape):
    """So many of a recurring add-on."""

    addon = PublicId("addon")
    quantity = Whole(min_value=1, max_value=LARGEST, required=False, help_text="1 unless said.")


class SubscriptionInput(VerbInput):
    """`price` is of one unit, agreed with this customer; else the plan's price in `currency` counts, which may be left
    out where the plan has one price, or one in the partner's currency."""

    customer = PublicId("cus")
    plan = PublicId("plan")
    quantity = Whole(min_value=1, max_value=LARGEST, required=False)
    price = MoneyShape(required=False)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)
    coupon = Text(max_length=40, required=False, allow_blank=True, help_text="A coupon’s code.")
    trial_days = Whole(min_value=0, max_value=730, required=False)
    start_at = Instant(required=False, help_text="When it starts; else today. The day counts, in the customer’s zone.")
    anchor_day = Whole(min_value=1, max_value=31, required=False)
    payment = one_of(FirstPayment, required=False, help_text="How the first period is paid.")
    auto_renew = Flag(required=False)
    addons = serializers.ListField(
        child=AddonChoiceInput(),
        required=False,
        max_length=MOST_ADDONS,
        help_text="Billed with its first period, recurring ones with each; with a trial recurring ones only.",
    )
    payment_method = PublicId(
        "pm", required=False, help_text="A card of the customer’s: no other is charged instead, now and later."
    )


class Subscriptions(Making):
    resource_name = "subscriptions"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "subscriptions:read", "POST": "subscriptions:write"}
    shape = SubscriptionInput
    needs_key = True

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        verb = subscribe_of(self, wanted)
        done = door.commit(verb, quote=wanted.get("quote"), actor=self.caller.actor, now=self.caller.now)
        [new] = [plan.subscription_id for plan in done.plans if isinstance(plan, MoneyPlan)]
        return new


class PreviewSubscription(OfResource):
    """`POST /api/v1/subscriptions/preview`: what buying would do and cost."""

    resource_name = "subscriptions"
    scopes: ClassVar[Mapping[str, str]] = {"POST": "subscriptions:write"}

    @classmethod
    def operation(cls, method: str) -> Operation:
        return Operation(
            id="preview_create_subscription",
            summary="Preview: sell a plan",
            tag="subscriptions",
            takes=SubscriptionInput,
            gives=QuoteShape,
            scope=cls.scopes[method],
        )

    def post(self, _request: Request) -> Response:
        wanted = self.cleaned(SubscriptionInput)
        verb = subscribe_of(self, wanted)
        return Response(shown_quote(door.preview(verb, actor=self.caller.actor, now=self.caller.now)))


def subscribe_of(view: OfResource, wanted: Mapping[str, Any]) -> Subscribe:
    """The verb that was asked for. Raises NotFound for a plan or a customer of nobody."""
    partner = view.caller.partner
    with tenant(partner.pk):
        currency = _currency(partner.pk, partner.currency, wanted)
        zone = customer(partner.pk, wanted["customer"]).timezone
    starts_at = wanted.get("start_at")
    return Subscribe(
        (Target(wanted["customer"]),),
        wanted["plan"],
        currency,
        quantity=wanted.get("quantity", 1),
        price=wanted.get("price"),
        starts_on=local_date(starts_at, zone) if starts_at else None,
        trial_days=wanted.get("trial_days", 0),
        anchor_day=wanted.get("anchor_day"),
        auto_renew=wanted.get("auto_renew", True),
        first_payment=FirstPayment(wanted.get("payment", FirstPayment.CARD)),
        coupon=wanted.get("coupon", ""),
        addons=tuple(AddonChoice(one["addon"], one.get("quantity", 1)) for one in wanted.get("addons", ())),
        method_id=wanted.get("payment_method"),
    )


def _currency(partner_id: UUID, own: str, wanted: Mapping[str, Any]) -> str:
    if "price" in wanted:
        return str(wanted["price"].currency)
    if "currency" in wanted:
        return str(wanted["currency"])
    sold_in = [price.currency for price in plan_line(partner_id, wanted["plan"]).prices]
    return sold_in[0] if len(sold_in) == 1 else own
