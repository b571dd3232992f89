"""A dated story as programs see it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from notifications.rules.states import MessageState
from partnerpanel.events.representations import public_object_id
from partnerpanel.kernel.ids import public
from partnerpanel.story.queries import StoryEntry
from partnerpanel.story.told import Happening
from partnerpanel.story.words import sentence
from partnerpanel.wire.shapes import At, MoneyShape, Shape, constant, id_field, one_of
from partnerpanel.wire.values import instant, money, ref


class ToldInvoiceShape(Shape):
    """The invoice that it is about."""

    id = id_field("inv")
    number = serializers.CharField()
    total = MoneyShape()

    class Meta:
        ref_name = "ToldInvoice"


class ToldPaymentShape(Shape):
    """The payment that it is about."""

    id = id_field("pay")
    amount = MoneyShape()
    paid_with = serializers.CharField()

    class Meta:
        ref_name = "ToldPayment"


class ToldMailShape(Shape):
    """A mail that it caused."""

    type = serializers.CharField()
    to = serializers.CharField()
    subject = serializers.CharField()
    state = one_of(MessageState, help_text="In a test mode mails are written and kept, and nobody gets them.")
    queued_at = At()

    class Meta:
        ref_name = "ToldMail"


class ToldAccessShape(Shape):
    """What became of access to the subscription; `before` is null where the event does not say it."""

    before = serializers.CharField(allow_null=True)
    after = serializers.CharField()

    class Meta:
        ref_name = "ToldAccess"


class HappeningShape(Shape):
    """One thing that happened, with the document or payment that it is about, the mails that it caused, and what it did
    to access."""

    object = constant("happening")
    at = At()
    type = serializers.CharField(help_text="Of the event, such as subscription.renewed.")
    text = serializers.CharField(help_text="In words.")
    event = id_field("evt")
    object_type = serializers.CharField()
    object_id = serializers.CharField()
    customer = id_field("cus", nullable=True)
    customer_name = serializers.CharField()
    invoice = ToldInvoiceShape(allow_null=True)
    payment = ToldPaymentShape(allow_null=True)
    mails = ToldMailShape(many=True)
    access = ToldAccessShape(allow_null=True)

    class Meta:
        ref_name = "Happening"


def shown(one: Happening) -> dict[str, Any]:
    event, amount = one.event, one.amount
    entry = StoryEntry(
        event.occurred_at,
        event.kind,
        amount.money if amount else None,
        amount.label if amount else "",
        amount.how if amount else "",
        data=event.data,
    )
    return {
        "object": "happening",
        "at": instant(event.occurred_at),
        "type": event.kind,
        "text": sentence(entry),
        "event": public("evt", event.id),
        "object_type": event.object_type,
        "object_id": public_object_id(event.object_type, event.object_id),
        "customer": ref("cus", event.customer_id),
        "customer_name": one.customer,
        "invoice": {"id": public("inv", event.object_id), "number": amount.label, "total": money(amount.money)}
        if amount and event.object_type == "invoice"
        else None,
        "payment": {"id": public("pay", event.object_id), "amount": money(amount.money), "paid_with": amount.how}
        if amount and event.object_type == "payment"
        else None,
        "mails": [
            {
                "type": mail.kind.value,
                "to": mail.to_address,
                "subject": mail.subject,
                "state": mail.state.value,
                "queued_at": instant(mail.queued_at),
            }
            for mail in one.mails
        ],
        "access": _access(one),
    }


def _access(one: Happening) -> dict[str, str | None] | None:
    """Events of a subscription say it as a pair, or where it is known from what they are, as what follows."""
    said = one.event.data.get("access") if one.event.object_type == "subscription" else None
    match said:
        case [before, after]:
            return {"before": str(before), "after": str(after)} if before != after else None
        case str():
            return {"before": None, "after": said}
    return None
