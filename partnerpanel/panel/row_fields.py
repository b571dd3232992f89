"""Fields of several rows with two columns each, such as a price per currency. An empty row is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerpanel.kernel.money import InvalidMoney, Money, exponent
from partnerpanel.panel.money_input import amount_text, read_amount

Pair = tuple[str, str]

SPARE_ROWS = 2
MOST_ROWS = 60


class RowsWidget(forms.Widget):
    """Two inputs a row, named `<field>_left` and `<field>_right`, with spare rows at the end."""

    def __init__(self, left: tuple[Any, Mapping[str, Any]], right: tuple[Any, Mapping[str, Any]]) -> None:
        """Each side has the label of its inputs, for readers, and their attributes."""
        super().__init__()
        self.left, self.right = left, right

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Pair]:
        left, right = data.getlist(f"{name}_left"), data.getlist(f"{name}_right")
        return [(a.strip(), b.strip()) for a, b in zip(left[:MOST_ROWS], right[:MOST_ROWS], strict=False)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}_left" not in data

    def id_for_label(self, id_: str | None) -> str:
        return f"{id_}_0" if id_ else ""

    def render(
        self, name: str, value: Sequence[Pair] | None, attrs: Mapping[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        rows = [pair for pair in value or () if any(pair)]
        rows += [("", "")] * (SPARE_ROWS if rows else SPARE_ROWS + 1)
        shared = dict(attrs or {})
        first = shared.pop("id", f"id_{name}")
        focus = shared.pop("autofocus", None)
        lines = []
        for number, (left, right) in enumerate(rows, start=1):
            own = {"id": f"{first}_0"} | ({"autofocus": focus} if focus else {}) if number == 1 else {}
            lines.append(
                (
                    self._input(f"{name}_left", left, number, self.left, shared | own),
                    self._input(f"{name}_right", right, number, self.right, shared),
                )
            )
        return format_html(
            '<div class="pair-rows">{}</div>', format_html_join("", '<div class="pair-row">{}{}</div>', lines)
        )

    @staticmethod
    def _input(name: str, value: str, number: int, side: tuple[Any, Mapping[str, Any]], attrs: Any) -> SafeString:
        label, own = side
        every = {"type": "text", "name": name, "value": value, "aria-label": f"{label} {number}", "autocomplete": "off"}
        return format_html("<input{}>", flatatt({**every, **attrs, **own}))


class RowsField(forms.Field):
    """Cleans to the filled rows. A row with one half empty is an error that names the row."""

    widget: RowsWidget

    def to_python(self, value: Any) -> list[Pair]:
        rows = [pair for pair in value or () if any(pair)]
        for left, right in rows:
            if "\x00" in left + right:
                raise ValidationError(_("Null characters are not allowed."))
            if not left or not right:
                raise ValidationError(_("In the row “%(row)s”, one half is missing.") % {"row": (left or right)[:40]})
        return rows


class PricesField(RowsField):
    """Currencies and amounts as people write them; cleans to money."""

    def __init__(self, **kwargs: Any) -> None:
        currency = {"maxlength": 3, "size": 5, "list": "currencies", "class": "form-control pair-short is-code"}
        amount = {"maxlength": 30, "inputmode": "decimal", "class": "form-control cell-end"}
        super().__init__(
            widget=RowsWidget((gettext_lazy("Currency"), currency), (gettext_lazy("Price"), amount)), **kwargs
        )

    def clean(self, value: Any) -> list[Money]:
        found: list[Money] = []
        for written, text in super().clean(value):
            currency = written.upper()
            words = {"currency": currency, "amount": text[:30]}
            if currency not in Locale("en").currencies:
                raise ValidationError(_("“%(currency)s” is no currency, such as EUR.") % words)
            if currency in (other.currency for other in found):
                raise ValidationError(_("“%(currency)s” is there twice; a plan has one price per currency.") % words)
            try:
                found.append(read_amount(text, currency))
            except InvalidMoney:
                example = amount_text(Money(10 ** exponent(currency) * 30 - 15, currency))
                raise ValidationError(
                    _("“%(amount)s” is no amount in %(currency)s, such as %(example)s.")
                    % (words | {"example": example})
                ) from None
        return found


class AllowancesField(RowsField):
    """Names and whole numbers; cleans to a mapping of them."""

    def __init__(self, **kwargs: Any) -> None:
        name = {"maxlength": 40, "class": "form-control"}
        number = {"maxlength": 16, "inputmode": "numeric", "class": "form-control pair-short cell-end"}
        super().__init__(
            widget=RowsWidget((gettext_lazy("Allowance"), name), (gettext_lazy("Number"), number)), **kwargs
        )

    def clean(self, value: Any) -> dict[str, int]:
        found: dict[str, int] = {}
        for name, text in super().clean(value):
            words = {"name": name[:40]}
            if name.casefold() in (other.casefold() for other in found):
                raise ValidationError(_("“%(name)s” is there twice.") % words)
            if not (text.isascii() and text.isdigit()):
                raise ValidationError(_("“%(name)s” needs a whole number of zero or more.") % words)
            found[name] = int(text)
        return found
