"""Amounts as people of the page's language write them, read exactly. Never through a float."""

from __future__ import annotations

from decimal import Decimal

from babel import numbers

from partnerpanel.kernel.money import InvalidMoney, Money, exponent
from partnerpanel.panel.templatetags.formats import locale

LONGEST = 30


def amount_text(amount: Money) -> str:
    """`Money(105000, "EUR")` → “1050.00” in English, “1050,00” in German: for a field, without grouping."""
    pattern = numbers.parse_pattern("0")
    pattern.frac_prec = (amount.exponent, amount.exponent)
    return str(pattern.apply(amount.major, locale()))


def read_amount(text: str, currency: str) -> Money:
    """“1.050,00” in German and “1,050.00” in English → 1050.00.

    Raises InvalidMoney, also for more decimals than the currency has.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise InvalidMoney("This is too long for an amount.", field="amount")
    try:
        value: Decimal = numbers.parse_decimal(text, locale=locale(), strict=True)
    except numbers.NumberFormatError:
        raise InvalidMoney(f"“{text}” is no amount.", field="amount") from None
    if not value.is_finite() or any(letter.isalpha() for letter in text):
        raise InvalidMoney(f"“{text}” is no amount.", field="amount")
    # “1.050” is 1.05 here and 1,050 where a point groups thousands: refused, so that nobody sells for a thousandth.
    if -int(value.as_tuple().exponent) > exponent(currency):
        raise InvalidMoney(f"“{text}” has more decimals than {currency} has.", field="amount")
    return Money.parse(f"{value:f}", currency)
