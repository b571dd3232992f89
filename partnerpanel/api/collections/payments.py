"""Payments that came outside the gateway, and renewing now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.documents.states import PaymentSource
from partnerpanel.actions.payments import preview_payment, record_payment, renew_now
from partnerpanel.actions.permission import Permission
from partnerpanel.api.collections.acting import Acting
from partnerpanel.api.collections.making import Making
from partnerpanel.api.objects import OfResource
from partnerpanel.api.operations import Operation
from partnerpanel.api.verbs.inputs import LONGEST_TEXT
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.ids import parse
from partnerpanel.wire.shapes import Flag, MoneyShape, On, PublicId, Shape, Text, Whole, constant, one_of
from partnerpanel.wire.values import day, money


class PaymentInput(Shape):
    """What came for a subscription's open invoice, or for the renewal that is due."""

    subscription = PublicId("sub")
    amount = MoneyShape()
    source = one_of((PaymentSource.BANK, PaymentSource.CASH, PaymentSource.OTHER))  # type: ignore[assignment]
    received_on = serializers.DateField(required=False, help_text="Else today, in the partner’s zone.")
    note = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    waive_fee = Flag(required=False, help_text="Of renewing late, where the policy lets it be waived.")
    again = Flag(required=False, help_text="That the same amount with the same note is booked already is right.")


class Payments(Making):
    resource_name = "payments"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "payments:read", "POST": "payments:write"}
    shape = PaymentInput
    needs_key = True

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        return record_payment(
            wanted["subscription"],
            amount=wanted["amount"],
            source=PaymentSource(wanted["source"]),
            received_on=wanted.get("received_on") or local_date(self.caller.now, self.caller.partner.timezone),
            note=wanted.get("note", ""),
            term_number=None,
            actor=self.caller.actor,
            now=self.caller.now,
            waive_fee=wanted.get("waive_fee", False),
            again=wanted.get("again", False),
        )


class RenewInput(Shape):
    waive_fee = Flag(required=False, help_text="Of renewing late, where the policy lets it be waived.")


class Renew(Acting):
    """Charges what is owed, or the renewal that is due, to the card on file; inside grace and after it."""

    resource_name = "subscriptions"
    verb = "renew"
    summary = "Pay now what is owed or due"
    input_shape = RenewInput
    scopes: ClassVar[Mapping[str, str]] = {"POST": "subscriptions:write"}
    needs_key = True

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        waive = wanted.get("waive_fee", False)
        renew_now(id_, actor=self.caller.actor, now=self.caller.now, waive_fee=waive)


class RenewQuoteShape(Shape):
    """What paying now comes to and buys. `fee` is for being late, and `fee_waivable` says whether it may be waived."""

    object = constant("renewal_quote")
    due = MoneyShape()
    fee = MoneyShape(allow_null=True)
    fee_waivable = Flag()
    period_number = Whole()
    starts_on = On()
    ends_on = On()
    granted_days = Whole(help_text="Given for free.")
    opens_access = Flag()
    method = serializers.CharField(allow_null=True, help_text="What would be charged.")
    mails = serializers.ListField(child=serializers.CharField())

    class Meta:
        ref_name = "RenewalQuote"


class PreviewRenew(OfResource):
    """Writes nothing."""

    resource_name = "subscriptions"
    scopes: ClassVar[Mapping[str, str]] = {"POST": "subscriptions:write"}

    @classmethod
    def operation(cls, method: str) -> Operation:
        return Operation(
            id="preview_subscription_renew",
            summary="Preview: pay now what is owed or due",
            tag="subscriptions",
            takes=RenewInput,
            gives=RenewQuoteShape,
            scope=cls.scopes[method],
        )

    def post(self, _request: Request, public_id: str) -> Response:
        found = preview_payment(
            parse("sub", public_id),
            permission=Permission.CHARGE,
            actor=self.caller.actor,
            now=self.caller.now,
            waive_fee=self.cleaned(RenewInput).get("waive_fee", False),
        )
        paid = found.payment
        return Response(
            {
                "object": "renewal_quote",
                "due": money(paid.due),
                "fee": money(paid.fee.gross) if paid.fee else None,
                "fee_waivable": paid.waivable,
                "period_number": paid.term_number,
                "starts_on": day(paid.after.starts_on),
                "ends_on": day(paid.after.ends_on),
                "granted_days": paid.granted_days,
                "opens_access": paid.releases,
                "method": paid.method.text if paid.method else None,
                "mails": [one.title for one in found.foreseen if one.kind == "mail"],
            }
        )
