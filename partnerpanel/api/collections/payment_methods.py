"""Cards: a sandbox method made a customer's card, and a link by which the customer enters a real one at the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.methods.queries import default_method_of
from partnerpanel.actions import cards
from partnerpanel.actions.pay_links import link_for
from partnerpanel.actions.payments import replace_card
from partnerpanel.api.collections.acting import Acting
from partnerpanel.api.collections.making import Making
from partnerpanel.api.objects import Detail, OfResource
from partnerpanel.api.operations import Operation
from partnerpanel.api.views import WritingView
from partnerpanel.kernel.ids import parse
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.shapes import Flag, PublicId, Shape, Text, constant


class PaymentMethodInput(Shape):
    """A method of the sandbox. Real cards are entered by the customer, at the gateway, by a link."""

    customer = PublicId("cus")
    method = Text(max_length=60, help_text="Such as sandbox_ok; docs/sandbox.md lists them.")
    beside = Flag(required=False, help_text="Kept beside the default, and charged for nothing.")


class PaymentMethods(Making):
    """The new one is the default and takes the place of that before, and what is owed is charged to it at once; with
    `beside` it is one more."""

    resource_name = "payment_methods"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "payment_methods:read", "POST": "payment_methods:write"}
    shape = PaymentMethodInput
    needs_key = True

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        customer_id = wanted["customer"]
        if wanted.get("beside"):
            return cards.add(customer_id, method=wanted["method"], actor=self.caller.actor, now=self.caller.now)
        replace_card(customer_id, method=wanted["method"], actor=self.caller.actor, now=self.caller.now)
        with tenant(self.caller.partner.pk):
            return default_method_of(self.caller.partner.pk, [customer_id])[customer_id].id


SCOPE: Mapping[str, str] = {
    "GET": "payment_methods:read",
    "POST": "payment_methods:write",
    "DELETE": "payment_methods:write",
}
GONE = 204


class PaymentMethod(WritingView, Detail):
    """One method. DELETE: it is charged no more, and stays readable for what it paid."""

    resource_name = "payment_methods"
    scopes: ClassVar[Mapping[str, str]] = {name: SCOPE[name] for name in ("GET", "DELETE")}

    @classmethod
    def operation(cls, method: str) -> Operation:
        if method != "DELETE":
            return super().operation(method)
        return Operation(
            id="delete_payment_method",
            summary="Remove a payment method",
            tag="payment_methods",
            status=GONE,
            scope=cls.scopes[method],
            once=True,
        )

    def delete(self, _request: Request, public_id: str) -> Response:
        id_ = parse(self.resource.prefix, public_id)

        def remove() -> Response:
            cards.remove(id_, actor=self.caller.actor, now=self.caller.now)
            return Response(status=GONE)

        return self.once(remove, lambda _acted: Response(status=GONE))


class MakeDefault(Acting):
    """What is owed is charged to it at once, as with a new one."""

    resource_name = "payment_methods"
    verb = "make_default"
    summary = "Have renewals charge this payment method"
    scopes: ClassVar[Mapping[str, str]] = {"POST": SCOPE["POST"]}
    needs_key = True

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        cards.use(id_, actor=self.caller.actor, now=self.caller.now)


class CardOfSubscriptionInput(Shape):
    payment_method = PublicId("pm", required=False, help_text="Else the customer’s default, whichever that will be.")


class SetPaymentMethod(Acting):
    """What it owes is charged to it at once. A card that is removed later leaves it to the default again."""

    resource_name = "subscriptions"
    verb = "set_payment_method"
    summary = "Have one subscription charge this payment method"
    input_shape = CardOfSubscriptionInput
    scopes: ClassVar[Mapping[str, str]] = {"POST": SCOPE["POST"]}
    needs_key = True

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        cards.use_for(id_, wanted.get("payment_method"), actor=self.caller.actor, now=self.caller.now)


class PayLinkInput(Shape):
    subscription = PublicId("sub", required=False, help_text="What it owes is charged to the card at once.")


class PayLinkShape(Shape):
    """An address for the customer alone: whoever has it can enter a card for them."""

    object = constant("pay_link")
    url = serializers.CharField()

    class Meta:
        ref_name = "PayLink"


class PayLink(OfResource):
    resource_name = "customers"
    scopes: ClassVar[Mapping[str, str]] = {"POST": "payment_methods:write"}

    @classmethod
    def operation(cls, method: str) -> Operation:
        return Operation(
            id="customer_pay_link",
            summary="A link by which the customer pays or changes the card",
            tag="customers",
            takes=PayLinkInput,
            gives=PayLinkShape,
            scope=cls.scopes[method],
        )

    def post(self, _request: Request, public_id: str) -> Response:
        id_, wanted = parse("cus", public_id), self.cleaned(PayLinkInput)
        self.refuse_nobodys(id_)
        url = link_for(id_, wanted.get("subscription"), actor=self.caller.actor)
        return Response({"object": "pay_link", "url": url})
