"""Inputs for the keys of a policy, by the kind of their values: each cleans to the JSON that a document keeps."""

from __future__ import annotations

from typing import Any

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partnerpanel.kernel.money import InvalidMoney, Money
from partnerpanel.panel.money_input import amount_text, read_amount
from partnerpanel.panel.policy_words import LABELS, allowed_text, choice_text
from partnerpanel.policy.rules.errors import InvalidPolicy
from partnerpanel.policy.rules.kinds import Amount, Json, OneOf, Whole, Wholes, YesNo
from partnerpanel.policy.rules.shape import Key

LONGEST = 80
YES_NO = {"true": True, "false": False}


class KeyField(forms.Field):
    """Reads what is written for one key. An error says what the key takes."""

    def __init__(self, key: Key, widget: forms.Widget, *, help_text: str = "") -> None:
        super().__init__(label=LABELS[key.name], required=False, widget=widget, help_text=help_text)
        self.key = key

    def clean(self, value: Any) -> Json:
        try:
            raw = self.raw(value)
            self.key.kind.read(self.key.name, raw)
        except (InvalidPolicy, InvalidMoney, ValueError):
            raise ValidationError(allowed_text(self.key.kind)) from None
        return raw

    def raw(self, value: Any) -> Json:
        """The JSON that was meant. Raises ValueError, InvalidMoney."""
        return str(value or "")


class NumberField(KeyField):
    def raw(self, value: Any) -> Json:
        text = str(value or "").strip()[:LONGEST]
        return int(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else value


class NumbersField(KeyField):
    def raw(self, value: Any) -> Json:
        parts = str(value or "")[:LONGEST].replace(";", ",").replace(" ", ",").split(",")
        return [int(part) for part in parts if part]

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value


class YesNoField(KeyField):
    def raw(self, value: Any) -> Json:
        if value not in YES_NO:
            raise ValueError(value)
        return YES_NO[value]

    def prepare_value(self, value: Any) -> Any:
        return str(value).lower() if isinstance(value, bool) else value


class CapWidget(forms.MultiWidget):
    def __init__(self, key: Key) -> None:
        label = str(LABELS[key.name])
        amount = {"inputmode": "decimal", "maxlength": 30, "aria-label": label}
        currency = {"maxlength": 3, "size": 5, "aria-label": _("Currency"), "autocapitalize": "characters"}
        super().__init__({"amount": forms.TextInput(amount), "currency": forms.TextInput(currency)})

    def decompress(self, value: Any) -> list[str]:
        if not value:
            return ["", ""]
        return [amount_text(Money(value["amount"], value["currency"])), value["currency"]]


class CapField(KeyField):
    def raw(self, value: Any) -> Json:
        amount, currency = ((value or ["", ""]) + ["", ""])[:2]
        if not str(amount or "").strip():
            return None
        code = str(currency or "").strip().upper()
        if code not in Locale("en").currencies:
            raise ValueError(code)
        found = read_amount(str(amount), code)
        return {"amount": found.amount, "currency": found.currency}


def field_for(key: Key) -> KeyField:
    """The input of this key."""
    match key.kind:
        case Whole(least, most):
            number = forms.NumberInput({"min": least, "max": most, "inputmode": "numeric"})
            return NumberField(key, number, help_text=allowed_text(key.kind))
        case Wholes():
            text = forms.TextInput({"maxlength": LONGEST, "inputmode": "text", "autocomplete": "off"})
            return NumbersField(key, text, help_text=allowed_text(key.kind))
        case Amount():
            return CapField(key, CapWidget(key), help_text=allowed_text(key.kind))
        case YesNo():
            choices = [(value, choice_text(key.name, value)) for value in YES_NO]
            return YesNoField(key, forms.RadioSelect(choices=choices))
        case OneOf(values):
            choices = [(one.value, choice_text(key.name, one.value)) for one in values]
            return KeyField(key, forms.RadioSelect(choices=choices))
    raise TypeError(key.kind)
