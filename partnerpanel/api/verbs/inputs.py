"""What the verbs take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers

from billing.documents.states import PaymentSource
from billing.refunds.states import RefundReason, RefundSource
from billing.rules.changes.banning import OpenInvoices
from billing.rules.changes.cancelling import CancelReason, CancelWhen
from billing.rules.changes.pausing import PauseWhen
from billing.rules.changes.voiding import VoidThen
from billing.rules.subscribing import FirstPayment
from notifications.rules.template import LONGEST_BODY, LONGEST_SUBJECT
from partnerpanel.api.verbs.spec import VerbInput
from partnerpanel.offers.rules.survey import CODE_LENGTH
from partnerpanel.policy.rules.change import Anchor, RollbackMoney, Unpaid
from partnerpanel.policy.rules.refund import RefundAccess
from partnerpanel.wire.shapes import Flag, MoneyShape, PublicId, Shape, Text, Whole, one_of, public_example
from subscriptions.rules.suspension import PLACEABLE
from subscriptions.rules.verification import VerificationPreset

LONGEST_TEXT = 500
WHENS = ("now", "period_end")
LARGEST = 1_000_000_000


def sentence(**kwargs: Any) -> Text:
    """A sentence of at most 500 letters."""
    return Text(max_length=LONGEST_TEXT, **kwargs)


class OutsidePaymentInput(Shape):
    """Money that came outside the gateway."""

    amount = MoneyShape()
    source = one_of((PaymentSource.BANK, PaymentSource.CASH, PaymentSource.OTHER))  # type: ignore[assignment]
    received_on = serializers.DateField()

    class Meta:
        ref_name = "OutsidePaymentInput"


class TermsInput(VerbInput):
    """When a change takes effect; what is left out, the policy says."""

    when = one_of(WHENS, required=False)
    anchor = one_of(Anchor, required=False, help_text="Whether a new period begins with the change.")
    unpaid = one_of(Unpaid, required=False, help_text="Whether the change waits for its payment.")


class ChangePlanInput(TermsInput):
    plan = PublicId("plan")


class ChangeQuantityInput(TermsInput):
    quantity = Whole(min_value=1, max_value=LARGEST)


class RollbackInput(VerbInput):
    """Without a plan, to the one before the newest change."""

    plan = PublicId("plan", required=False)
    money = one_of(RollbackMoney, required=False, help_text="What becomes of what was billed; else the policy says.")


class NothingInput(VerbInput):
    """Takes nothing."""


class RestartInput(VerbInput):
    payment = one_of(FirstPayment, required=False, help_text="How its first period is paid; by card where left out.")


class SuspendInput(VerbInput):
    kind = one_of(PLACEABLE)
    reason = sentence(help_text="The customer reads it.")
    evidence = Text(required=False, max_length=5_000, help_text="A note that staff alone read.")


class ReactivateInput(VerbInput):
    kinds = serializers.ListField(
        child=one_of(PLACEABLE), required=False, min_length=1, help_text="Holds to release; else manual and abuse."
    )
    reason = sentence(required=False, allow_blank=True)


class ExtendInput(VerbInput):
    """Either months (1, 3, 6 or 12) or days."""

    example: ClassVar[Mapping[str, Any]] = {"months": 1}

    months = serializers.ChoiceField(choices=[1, 3, 6, 12], required=False)
    days = Whole(min_value=1, max_value=3_650, required=False)
    note = sentence()
    payment = OutsidePaymentInput(required=False)


class CancelInput(VerbInput):
    when = one_of(CancelWhen)
    reason = Text(
        max_length=CODE_LENGTH,
        required=False,
        help_text=f"{', '.join(CancelReason)}, or one of the partner’s own.",
    )
    note = sentence(required=False, allow_blank=True)
    credit_unused = Flag(required=False, help_text="Gives the unused days to the balance, when it ends now.")


class PauseInput(VerbInput):
    when = one_of(PauseWhen)
    until = serializers.DateField(required=False, allow_null=True)
    note = sentence(required=False, allow_blank=True)


class NoteInput(VerbInput):
    note = sentence()


class MoveBillingDateInput(VerbInput):
    on = serializers.DateField(help_text="A day of the subscription’s zone.")


class HeldAddonsInput(VerbInput):
    """What to do about one add-on: `add` so many of one, `remove` one that is held, `keep` one that would leave."""

    example: ClassVar[Mapping[str, Any]] = {"add": public_example("addon")}

    add = PublicId("addon", required=False)
    quantity = Whole(min_value=1, max_value=LARGEST, required=False)
    unpaid = one_of(Unpaid, required=False)
    remove = PublicId("held", required=False)
    keep = PublicId("held", required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(name in attrs for name in ("add", "remove", "keep")) != 1:
            raise serializers.ValidationError({"add": ["Say one of add, remove and keep."]})
        if "add" not in attrs and ("quantity" in attrs or "unpaid" in attrs):
            raise serializers.ValidationError({"quantity": ["This goes with add."]})
        return attrs


class RedeemedCouponInput(VerbInput):
    code = Text(max_length=40, allow_null=True, help_text="A coupon’s code; null takes the coupon away.")


class LimitInput(VerbInput):
    allowance = Text(max_length=100)
    value = Whole(min_value=0, max_value=LARGEST, allow_null=True, help_text="Null lifts the limit.")
    reason = sentence()


class BanInput(VerbInput):
    invoices = one_of(OpenInvoices, required=False, help_text="What becomes of open invoices; else they are kept.")
    reason = sentence(help_text="The customer reads it.")


class ReasonInput(VerbInput):
    reason = sentence()


class VerificationInput(VerbInput):
    example: ClassVar[Mapping[str, Any]] = {"presets": [VerificationPreset.PHOTO_ID.value]}

    presets = serializers.ListField(child=one_of(VerificationPreset), required=False)
    asks = sentence(required=False, allow_blank=True, help_text="In your own words.")
    blocks = Flag(required=False, help_text="Whether access is blocked until then; else it is.")


class RefundInput(VerbInput):
    """`full` gives back what is left of the payment, `prorata` the unused days, `amount` so much."""

    type = one_of(("full", "amount", "prorata"))
    amount = MoneyShape(required=False)
    reason = one_of(RefundReason)
    note = sentence(required=False, allow_blank=True)
    access = one_of(RefundAccess, required=False, help_text="What becomes of the subscription; else the policy says.")
    source = one_of(RefundSource, required=False, help_text="Else the way it came.")  # type: ignore[assignment]
    any_time = Flag(required=False, help_text="Outside of the policy’s days.")


class CreditInput(VerbInput):
    """A credit note: all that is left, or so much of it."""

    amount = MoneyShape(required=False)
    note = sentence()


class CorrectInput(VerbInput):
    """A paid invoice is given back by a credit note, which pays the new one; an open one is void."""

    keeps_total = Flag(required=False, help_text="Refuses what would make a paid one cost less.")
    note = sentence()


class VoidInput(VerbInput):
    then = one_of(VoidThen, required=False, help_text="Of a renewal: bill it anew (else), or forgive the period.")
    note = sentence()


class MessageInput(VerbInput):
    """Either the `name` of a template of your own, or a subject and a body."""

    example: ClassVar[Mapping[str, Any]] = {"subject": "Maintenance", "body": "Hello {{ customer.name }}"}

    template = Text(max_length=60, required=False, help_text="The `name` of a template.")
    subject = Text(max_length=LONGEST_SUBJECT, required=False)
    body = Text(max_length=LONGEST_BODY, required=False, help_text="Markdown, with values in braces.")


class TagsInput(VerbInput):
    example: ClassVar[Mapping[str, Any]] = {"add": ["vip"]}

    add = serializers.ListField(child=Text(max_length=40), required=False, max_length=20)
    remove = serializers.ListField(child=Text(max_length=40), required=False, max_length=20)
