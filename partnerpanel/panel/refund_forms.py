"""Forms of money that goes back. What can be chosen comes from the view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.disputes.states import DisputeStatus
from billing.refunds.states import RefundReason, RefundSource
from partnerpanel.panel.note_field import note_field
from partnerpanel.policy.rules.refund import RefundAccess

Choices = Sequence[tuple[str, Any]]

REFUND_REASONS = [
    ("", _("Choose a reason")),
    (RefundReason.REQUESTED.value, _("The customer asked for it")),
    (RefundReason.NOT_AS_AGREED.value, _("The service was not as agreed")),
    (RefundReason.DUPLICATE.value, _("Paid twice")),
    (RefundReason.FRAUDULENT.value, _("Paid by somebody else")),
    (RefundReason.GOODWILL.value, _("Goodwill")),
    (RefundReason.OTHER.value, _("Another reason")),
]
REFUND_SOURCES = [
    (RefundSource.BANK.value, _("Bank transfer")),
    (RefundSource.CASH.value, _("Cash")),
    (RefundSource.OTHER.value, _("Another way")),
]
ACCESS_CHOICES: dict[RefundAccess, Any] = {
    RefundAccess.KEEP: _("Stays as it is"),
    RefundAccess.END_NOW: _("The subscription ends now"),
    RefundAccess.PERIOD_END: _("The subscription ends with its period"),
}
OUTCOMES = [
    (DisputeStatus.UNDER_REVIEW.value, _("Evidence was sent; the bank looks at it")),
    (DisputeStatus.WON.value, _("Won: the money stays here")),
    (DisputeStatus.LOST.value, _("Lost: the money is gone")),
]


def _reason() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Reason"), choices=REFUND_REASONS, error_messages={"required": _("Choose a reason.")}
    )


def _amount() -> forms.CharField:
    return forms.CharField(label=_("Amount"), max_length=30, error_messages={"required": _("Say how much goes back.")})


class RefundForm(forms.Form):
    """How much, why, what becomes of access. `amount` is asked for where a part goes back, `source` where no gateway
    took the money."""

    how = forms.ChoiceField(label=_("How much"))
    amount = _amount()
    reason = _reason()
    access = forms.ChoiceField(label=_("Access"))
    source = forms.ChoiceField(label=_("How it goes back"), choices=REFUND_SOURCES)
    note = note_field(required=False)

    def __init__(
        self, *args: Any, hows: Choices, accesses: Choices, by_hand: bool, in_part: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = hows  # type: ignore[attr-defined]
        self.fields["access"].choices = accesses  # type: ignore[attr-defined]
        if not in_part:
            del self.fields["amount"]
        if not by_hand:
            del self.fields["source"]


class CreditForm(forms.Form):
    """How much of which lines, and why."""

    amount = forms.CharField(
        label=_("Amount"),
        max_length=30,
        required=False,
        help_text=_("With tax. Empty: all that is left of a paid invoice."),
    )
    lines = forms.MultipleChoiceField(
        label=_("Of these lines"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: of all of them, in proportion."),
    )
    note = note_field()

    def __init__(self, *args: Any, lines: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].choices = lines  # type: ignore[attr-defined]
        if len(lines) == 1:
            del self.fields["lines"]


class VoidForm(forms.Form):
    """What becomes of the period, for a renewal; and why."""

    then = forms.ChoiceField(label=_("The period"))
    note = note_field()

    def __init__(self, *args: Any, thens: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["then"].choices = thens  # type: ignore[attr-defined]
        if not thens:
            del self.fields["then"]


class RecoverForm(forms.Form):
    """Money that came for an old debt."""

    source = forms.ChoiceField(label=_("How it came"), choices=REFUND_SOURCES)
    received_on = forms.DateField(
        label=_("Received on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Say on which day it came.")},
    )
    note = note_field()


class PayoutForm(forms.Form):
    """How much of the balance, which way, and why."""

    amount = _amount()
    way = forms.ChoiceField(label=_("How it goes back"))
    reason = _reason()
    note = note_field()

    def __init__(self, *args: Any, ways: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = ways  # type: ignore[attr-defined]


class DisputeForm(forms.Form):
    """What the gateway says of a dispute."""

    status = forms.ChoiceField(label=_("What the gateway says"))
    note = note_field(required=False)

    def __init__(self, *args: Any, statuses: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = statuses  # type: ignore[attr-defined]
