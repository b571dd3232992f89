"""Forms of how a subscription begins, and how many of it. What can be chosen comes from the view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rules.subscribing import LONGEST_TRIAL
from partnerpanel.kernel.money import InvalidMoney
from partnerpanel.panel.change_forms import UNPAIDS, WHENS, Group
from partnerpanel.panel.money_input import read_amount
from subscriptions.rules.coupons import CODE_LENGTH

MOST = 1_000_000
WHOLE = {"invalid": _("Write a whole number."), "min_value": _("A quantity is 1 or more.")}


class NewSubscriptionForm(forms.Form):
    """What was agreed. `plan` names a plan in one of its currencies; the price stays text until that is known."""

    plan = forms.ChoiceField(label=_("Plan"), error_messages={"required": _("Choose a plan.")})
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=MOST, initial=1, error_messages=WHOLE)
    price = forms.CharField(
        label=_("Agreed price of one"), max_length=30, required=False, help_text=_("Empty: the plan’s price.")
    )
    starts_on = forms.DateField(label=_("Starts on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    trial_days = forms.IntegerField(
        label=_("Days of free trial"), min_value=0, max_value=LONGEST_TRIAL, required=False, initial=0
    )
    anchor_day = forms.IntegerField(
        label=_("Billing day of the month"),
        min_value=1,
        max_value=31,
        required=False,
        help_text=_("Empty: the day on which it starts. Otherwise the first period is a part, at its share."),
    )
    coupon = forms.CharField(
        label=_("Coupon code"),
        max_length=CODE_LENGTH,
        required=False,
        help_text=_("Empty: none. It is taken off from the first paid period on."),
    )
    first_payment = forms.ChoiceField(label=_("First payment"), widget=forms.RadioSelect)
    auto_renew = forms.BooleanField(
        label=_("Renews by itself, charging the card on file"), required=False, initial=True
    )

    def __init__(self, *args: Any, groups: Sequence[Group], payments: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].choices = [("", _("Choose a plan")), *groups]  # type: ignore[attr-defined]
        self.fields["first_payment"].choices = payments  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The price becomes money, in the currency of the plan."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        currency, text = str(data.get("plan", "")).rpartition(".")[2], data.get("price", "")
        data["price"] = None
        if currency and text:
            try:
                data["price"] = read_amount(text, currency)
            except InvalidMoney as error:
                self.add_error("price", error.message)
        return data


class QuantityForm(forms.Form):
    """How many from now on, and how. `planned_for` is the quantity that the options below it are shown for."""

    quantity = forms.IntegerField(label=_("New quantity"), min_value=1, max_value=MOST, error_messages=WHOLE)
    when = forms.ChoiceField(label=_("When"), choices=WHENS, widget=forms.RadioSelect)
    unpaid = forms.ChoiceField(label=_("What is to pay"), choices=UNPAIDS, widget=forms.RadioSelect)
    planned_for = forms.CharField(widget=forms.HiddenInput, required=False)


class EndTrialForm(forms.Form):
    """Nothing to fill in."""


class RestartForm(forms.Form):
    """How the first period is paid."""

    first_payment = forms.ChoiceField(label=_("First payment"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, payments: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_payment"].choices = payments  # type: ignore[attr-defined]
