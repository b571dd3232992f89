"""Money and dates in mails and documents, as people of the customer’s locale write them. Never through a float."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import get_currency_symbol, parse_pattern

from partnerpanel.kernel.money import Money


@lru_cache(maxsize=1_000)
def locale_of(language: str, *locales: str) -> Locale:
    """The first of the locales that is of the language: `de-AT` for `de`; else what the language itself writes."""
    for name in locales:
        try:
            found = Locale.parse(name.replace("_", "-"), sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        if found.language == language:
            return found
    return Locale(language)


@lru_cache(maxsize=10_000)
def money_text(amount: Money, locale: Locale) -> str:
    """`Money(1050, "EUR")` → “€10.50” in English, “10,50 €” in German."""
    written = locale.currency_formats["standard"].pattern
    if get_currency_symbol(amount.currency, locale)[-1].isalpha():
        written = written.replace("\N{CURRENCY SIGN}#", "\N{CURRENCY SIGN}\N{NO-BREAK SPACE}#")
    pattern = parse_pattern(written)
    # CLDR counts the decimals of some currencies otherwise than ISO 4217 does (the dinar); ours decide.
    pattern.frac_prec = (amount.exponent, amount.exponent)
    return str(pattern.apply(amount.major, locale, currency=amount.currency, currency_digits=False))


@lru_cache(maxsize=10_000)
def date_text(day: date, locale: Locale) -> str:
    """“7 March 2026” in the order and words of the locale."""
    return format_date(day, "long", locale)


def dates_text(days: Sequence[date], locale: Locale) -> str:
    """Several dates as one phrase; empty for none."""
    return format_list([date_text(day, locale) for day in days], locale=locale) if days else ""
