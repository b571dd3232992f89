"""From the text of a field to its type."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum

from partnerpanel.imports.rules.problems import Unreadable
from partnerpanel.kernel.money import InvalidMoney, Money
from partnerpanel.kernel.period import Interval, InvalidInterval, Unit

EARLIEST = date(1900, 1, 1)
MAX_AMOUNT = 10**12
MAX_QUANTITY = 100_000
_INTERVAL = re.compile(r"(?:([0-9]{1,3}) )?(day|week|month|year)s?")
_NAMED = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "3 months", "yearly": "year"}


class Status(StrEnum):
    """What a file may say of a subscription; `cancelling` is served until its period ends."""

    ACTIVE = "active"
    CANCELLING = "cancelling"
    ENDED = "ended"


def money(text: str, *, currency: str, decimal_mark: str, column: str) -> Money:
    """An amount of zero or more, exact; groups of thousands are read where the other mark or a space makes them."""
    other = "," if decimal_mark == "." else "."
    mark = re.escape(decimal_mark)
    if re.fullmatch(rf"[0-9]{{1,3}}(?:[{other} \u00a0\u202f][0-9]{{3}})+(?:{mark}[0-9]+)?", text):
        text = re.sub(rf"[{other} \u00a0\u202f]", "", text)
    example = f"29{decimal_mark}85"
    if not re.fullmatch(rf"[0-9]{{1,15}}(?:{mark}[0-9]+)?", text):
        raise Unreadable(
            column, f"is no amount such as {example}", text, f"an amount of zero or more such as {example}"
        )
    try:
        found = Money.parse(text.replace(decimal_mark, "."), currency)
    except InvalidMoney:
        what = f"has more decimals than {currency} has"
        raise Unreadable(column, what, text, f"an amount in {currency} such as {Money(2985, currency)}") from None
    if found.amount > MAX_AMOUNT:
        raise Unreadable(column, "is too large for a price", text, f"an amount up to {Money(MAX_AMOUNT, currency)}")
    return found


def currency(text: str, *, column: str) -> str:
    """A three-letter code."""
    try:
        return Money.zero(text).currency
    except InvalidMoney:
        what = "is no three-letter currency code such as USD"
        raise Unreadable(column, what, text, "a three-letter currency code such as USD") from None


def interval(text: str, *, column: str) -> Interval:
    """`month`, `3 months`, `yearly` and the like."""
    match = _INTERVAL.fullmatch(_NAMED.get(text.casefold(), text.casefold()))
    try:
        if match:
            return Interval(Unit(match[2]), int(match[1] or 1))
    except InvalidInterval:
        pass
    what = "is no interval such as month or 3 months"
    raise Unreadable(column, what, text, "day, week, month or year, with a number before it if it is not one")


def day(text: str, *, pattern: str, today: date, column: str) -> date:
    """A date that is not in the future."""
    example = date(2024, 1, 31).strftime(pattern)
    try:
        found = datetime.strptime(text, pattern).date()  # noqa: DTZ007
    except ValueError:
        raise Unreadable(column, f"is no date such as {example}", text, f"a date such as {example}") from None
    if not EARLIEST <= found <= today:
        expected = f"a date from {EARLIEST.strftime(pattern)} to {today.strftime(pattern)}"
        raise Unreadable(column, "lies in the future or too far back", text, expected)
    return found


def quantity(text: str, *, column: str) -> int:
    """A whole number of one or more."""
    if re.fullmatch(r"[0-9]{1,6}", text) and 1 <= int(text) <= MAX_QUANTITY:
        return int(text)
    raise Unreadable(column, "is no quantity such as 1", text, f"a whole number from 1 to {MAX_QUANTITY:,}")


def status(text: str, *, column: str) -> Status:
    """`active`, `cancelling` or `ended`."""
    try:
        return Status(text.casefold())
    except ValueError:
        known = ", ".join(Status)
        raise Unreadable(column, "is no status that an import knows", text, f"one of {known}") from None
