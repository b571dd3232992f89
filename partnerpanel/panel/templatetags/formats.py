"""Money, dates and numbers as people of the page's language write them. Never through a float."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from django.template import Library
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import to_locale

from partnerpanel.kernel.money import Money
from partnerpanel.languages import written_language

register = Library()

NOTHING = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale:
    return Locale.parse(to_locale(language))


def locale() -> Locale:
    """The locale of the language that the page is in."""
    return _locale(written_language())


@lru_cache(maxsize=256)
def _pattern(language: str, currency: str, exponent: int) -> numbers.NumberPattern:
    where = _locale(language)
    written = where.currency_formats["standard"].pattern
    if numbers.get_currency_symbol(currency, where)[-1].isalpha():
        written = written.replace("\N{CURRENCY SIGN}#", "\N{CURRENCY SIGN}\N{NO-BREAK SPACE}#")
    pattern = numbers.parse_pattern(written)
    # CLDR counts the decimals of some currencies otherwise than ISO 4217 does (the dinar); ours decide.
    pattern.frac_prec = (exponent, exponent)
    return pattern


def money_text(amount: Money, *, signed: bool = False) -> str:
    """`Money(1050, "EUR")` → “€10.50” in English, “10,50 €” in German; with `signed`, a charge gets its plus."""
    pattern = _pattern(written_language(), amount.currency, amount.exponent)
    text = pattern.apply(abs(amount.major), locale(), currency=amount.currency, currency_digits=False)
    sign = MINUS if amount.amount < 0 else "+" if signed and amount.amount > 0 else ""
    return f"{sign}{text}"


@register.simple_tag
def money(amount: Money | None, *, signed: bool = False) -> SafeString:
    """The amount in its currency; a dash for none."""
    if amount is None:
        return format_html('<span class="secondary">{}</span>', NOTHING)
    return format_html('<span class="num">{}</span>', money_text(amount, signed=signed))


@register.filter
def number(value: int | Decimal | None) -> str:
    """7043 → “7,043” or “7.043”."""
    return NOTHING if value is None else numbers.format_decimal(value, locale=locale())


def _local(instant: datetime, zone: str | None) -> datetime:
    return timezone.localtime(instant, ZoneInfo(zone) if zone else None)


@register.filter
def in_zone(instant: datetime | None, zone: str | None = None) -> str:
    """Date and time in `zone`, or in the one that the view activated: the partner's."""
    if instant is None:
        return NOTHING
    local = _local(instant, zone)
    return f"{dates.format_date(local, 'medium', locale())}, {dates.format_time(local, 'short', locale=locale())}"


@register.filter
def day(value: date | datetime | None, zone: str | None = None) -> str:
    """The date alone; of an instant, the local one."""
    if value is None:
        return NOTHING
    return dates.format_date(_local(value, zone) if isinstance(value, datetime) else value, "medium", locale())


@register.simple_tag
def when(instant: datetime | None, zone: str | None = None) -> SafeString:
    """An instant to read, to hover (with its zone) and for machines."""
    if instant is None:
        return format_html('<span class="secondary">{}</span>', NOTHING)
    full = dates.format_datetime(_local(instant, zone), "full", locale=locale())
    return format_html('<time datetime="{}" title="{}">{}</time>', instant.isoformat(), full, in_zone(instant, zone))


@register.simple_tag
def ago(instant: datetime, now: datetime) -> SafeString:
    """“3 minutes ago”, counted from the page's own clock."""
    text = dates.format_timedelta(instant - now, add_direction=True, locale=locale())
    return format_html('<time datetime="{}" title="{}">{}</time>', instant.isoformat(), in_zone(instant), text)
