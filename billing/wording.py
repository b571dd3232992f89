"""Derivations as plain sentences: “60.00 credit = 100.00 × 18/30 days unused”.

The currency is left to the page, which shows it beside the amount. A new rule adds its sentence to `SENTENCES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from billing.rules.explain import money_in
from billing.rules.proration import PRICE_OF_DAYS, SPLIT_BY_DAYS, UNUSED_VALUE
from billing.rules.renewal import PRICE_FOR_PERIOD
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money


def sentence(value: Money | Sequence[Money], why: Derivation) -> str:
    """How `value` came about, in the active language. Raises KeyError for a rule that has no sentence."""
    values = [value] if isinstance(value, Money) else list(value)
    text = SENTENCES[why.rule](values, why)
    return _("%(sentence)s, rounded") % {"sentence": text} if why.inputs.get("rounding") == "half_up" else text


def plain(amount: Money) -> str:
    """The number as people of the active language write it, with all of the currency's decimals."""
    pattern = "#,##0" + ("." + "0" * amount.exponent if amount.exponent else "")
    return str(format_decimal(amount.major, format=pattern, locale=to_locale(get_language() or "en")))


def _unused_value(values: Sequence[Money], why: Derivation) -> str:
    charged, credited = money_in(why, "charged"), money_in(why, "credited")
    words = {
        "value": plain(values[0]),
        "charged": plain(charged),
        "credited": plain(credited),
        "unused": why.inputs["unused_days"],
        "days": why.inputs["period_days"],
    }
    if not charged:
        return _("No credit: nothing was charged for this period") % words
    if why.inputs["limit"] == "none":
        return _("%(value)s credit = %(charged)s × %(unused)s/%(days)s days unused") % words
    return _("%(value)s credit = what is left of %(charged)s after earlier credits of %(credited)s") % words


def _price_of_days(values: Sequence[Money], why: Derivation) -> str:
    words = {
        "value": plain(values[0]),
        "price": plain(money_in(why, "price")),
        "part": why.inputs["days"],
        "days": why.inputs["period_days"],
        "percent": why.inputs["percent"],
    }
    if why.inputs["percent"] == "100":
        return _("%(value)s = %(price)s × %(part)s/%(days)s days") % words
    return _("%(value)s = %(price)s × %(part)s/%(days)s days × %(percent)s %%") % words


def _split_by_days(values: Sequence[Money], why: Derivation) -> str:
    return _("%(amount)s over %(days)s days = %(parts)s") % {
        "amount": plain(money_in(why, "amount")),
        "days": " + ".join(why.inputs["days"].split()),
        "parts": " + ".join(map(plain, values)),
    }


def _price_for_period(values: Sequence[Money], why: Derivation) -> str:
    quantity = int(why.inputs["quantity"])
    total = money_in(why, "price")
    words = {
        "value": plain(values[0]),
        "plan": why.inputs["plan"],
        "quantity": quantity,
        "price": plain(Money(total.amount // quantity, total.currency) if total.amount % quantity == 0 else total),
        "from": _day(why.inputs["from"]),
        "to": _day(why.inputs["to"]),
    }
    if total.amount % quantity:
        return _("%(value)s = %(plan)s for %(from)s – %(to)s") % words
    return _("%(value)s = %(plan)s, %(quantity)s × %(price)s for %(from)s – %(to)s") % words


def _day(text: str) -> str:
    return str(format_date(date.fromisoformat(text), "medium", locale=to_locale(get_language() or "en")))


SENTENCES: Mapping[str, Callable[[Sequence[Money], Derivation], str]] = {
    UNUSED_VALUE: _unused_value,
    PRICE_OF_DAYS: _price_of_days,
    SPLIT_BY_DAYS: _split_by_days,
    PRICE_FOR_PERIOD: _price_for_period,
}
