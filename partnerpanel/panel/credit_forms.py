"""Forms of credit that people add to a balance, and take back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.ledger.states import CreditReason
from partnerpanel.panel.note_field import note_field

CREDIT_REASONS: dict[CreditReason, Any] = {
    CreditReason.GOODWILL: _("Goodwill"),
    CreditReason.CORRECTION: _("Correction of something charged"),
    CreditReason.PROMISED: _("As promised"),
    CreditReason.OTHER: _("Another reason"),
}


class AddCreditForm(forms.Form):
    """How much, why, and whether the customer is told. `key` makes a second press of the button the same credit."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    amount = forms.CharField(label=_("Amount"), max_length=30, error_messages={"required": _("Say how much is added.")})
    currency = forms.ChoiceField(label=_("Currency"))
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *((one.value, text) for one, text in CREDIT_REASONS.items())],
        error_messages={"required": _("Choose a reason.")},
    )
    note = note_field()
    tells = forms.BooleanField(label=_("Mail the customer"), required=False)

    def __init__(self, *args: Any, currencies: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(one, one) for one in currencies]  # type: ignore[attr-defined]
        if len(currencies) == 1:
            self.fields["currency"].widget = forms.HiddenInput()
            self.fields["currency"].initial = currencies[0]


class TakeBackForm(forms.Form):
    """Why."""

    note = note_field()
