"""Forms of coupons: in the settings, and on a subscription."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerpanel.kernel.money import InvalidMoney
from partnerpanel.panel.money_input import read_amount
from subscriptions.rules.coupons import (
    CODE_LENGTH,
    LARGEST_LIMIT,
    NAME_LENGTH,
    WHOLE,
    CouponKind,
    CouponLasts,
    CouponLimits,
    Discount,
)

KINDS = [(CouponKind.PERCENT.value, _("Part of the price")), (CouponKind.AMOUNT.value, _("Amount"))]
LASTS = [
    (CouponLasts.ONCE.value, _("For one period")),
    (CouponLasts.PERIODS.value, _("For a number of periods")),
    (CouponLasts.FOREVER.value, _("For as long as the subscription runs")),
]
CODE_ERRORS = {"required": _("Write the code.")}


class RedeemForm(forms.Form):
    """Which coupon."""

    coupon = forms.CharField(label=_("Coupon code"), max_length=CODE_LENGTH, error_messages=CODE_ERRORS)


class LimitsForm(forms.Form):
    """What a coupon is for, from when until when it is redeemed, and how often."""

    name = forms.CharField(label=_("What it is for"), max_length=NAME_LENGTH, required=False)
    from_on = forms.DateField(label=_("Valid from"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until_on = forms.DateField(
        label=_("Not valid any more from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    most = forms.IntegerField(label=_("Redemptions in all"), min_value=1, max_value=LARGEST_LIMIT, required=False)
    most_each = forms.IntegerField(
        label=_("Redemptions of one customer"), min_value=1, max_value=LARGEST_LIMIT, required=False
    )

    @property
    def limits(self) -> CouponLimits:
        """Of a valid form."""
        return CouponLimits(**{one.name: self.cleaned_data[one.name] for one in fields(CouponLimits)})


class EditCouponForm(LimitsForm):
    """The same for one that is there, at the version that was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class NewCouponForm(LimitsForm):
    """What a coupon takes off, for how long, from when until when, how often, and which plans it fits."""

    field_order = (
        *("code", "name", "kind", "percent", "amount", "currency", "lasts", "periods"),
        *("from_on", "until_on", "most", "most_each", "plans"),
    )
    code = forms.CharField(label=_("Code"), max_length=CODE_LENGTH, error_messages=CODE_ERRORS)
    kind = forms.ChoiceField(label=_("Takes off"), choices=KINDS, initial=CouponKind.PERCENT.value)
    percent = forms.IntegerField(label=_("Percent"), min_value=1, max_value=WHOLE, required=False)
    amount = forms.CharField(label=_("Amount"), max_length=30, required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    lasts = forms.ChoiceField(label=_("Lasts"), choices=LASTS, initial=CouponLasts.ONCE.value)
    periods = forms.IntegerField(label=_("Number of periods"), min_value=1, max_value=1_000, required=False)
    plans = forms.MultipleChoiceField(
        label=_("Products and plans"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every plan."),
    )

    def __init__(self, *args: Any, plans: Sequence[tuple[str, str]], currencies: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plans"].choices = plans  # type: ignore[attr-defined]
        self.fields["currency"].choices = [(one, one) for one in currencies]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What is taken off, as the rules know it."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        lasts, periods = data.get("lasts"), data.get("periods")
        if lasts == CouponLasts.PERIODS and not periods and "periods" not in self.errors:
            self.add_error("periods", _("Write the number of periods."))
        counted = {CouponLasts.ONCE.value: 1, CouponLasts.FOREVER.value: None}.get(lasts or "", periods)
        if data.get("kind") == CouponKind.AMOUNT:
            try:
                amount = read_amount(data.get("amount", ""), data.get("currency", ""))
                data["discount"] = Discount(amount=amount, periods=counted)
            except InvalidMoney as error:
                self.add_error("amount", error.message)
        elif data.get("percent"):
            data["discount"] = Discount(percent=data["percent"], periods=counted)
        elif "percent" not in self.errors:
            self.add_error("percent", _("Write how much it takes off."))
        return data
