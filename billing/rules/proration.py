"""What part of a period is worth, by whole local days. Rounded half up, once; splits add up to the unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from partnerpanel.kernel.derivation import Derivation, Derived
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period

UNUSED_VALUE = "unused_value"
PRICE_OF_DAYS = "price_of_days"
SPLIT_BY_DAYS = "split_by_days"
UNUSED_ALLOWANCE = "unused_allowance"


class InvalidProration(DomainError):
    """Amounts below zero, or days outside of what they are a part of."""

    code = "invalid_proration"


def unused_days(period: Period, on: date) -> int:
    """Days from `on` to the period's end: all of them before it starts, none once it is over."""
    return min(max((period.ends_on - on).days, 0), period.days)


def unused_value(*, charged: Money, credited: Money, period: Period, on: date) -> Derived[Money]:
    """What is given back of a line when it stops on `on`: charged × unused days ÷ days of the period.

    `charged` is what the line cost after discounts and before tax, zero for a period that was not paid; `credited` is
    what earlier credits took off it. Never more than is left of the line. Raises InvalidProration for amounts below
    zero, CurrencyMismatch.
    """
    _refuse_negative(charged, "charged")
    _refuse_negative(credited, "credited")
    unused = unused_days(period, on)
    exact = Fraction(charged.amount * unused, period.days)
    share, zero = charged.times(Fraction(unused, period.days)), Money.zero(charged.currency)
    left = max(charged - credited, zero)
    value = min(share, left)
    inputs = {
        "charged": str(charged),
        "credited": str(credited),
        "starts_on": period.starts_on.isoformat(),
        "ends_on": period.ends_on.isoformat(),
        "on": on.isoformat(),
        "unused_days": str(unused),
        "period_days": str(period.days),
        "limit": "left_of_line" if left < share else "none",
        "rounding": _rounding(exact) if value == share else "none",
    }
    return Derived(value, Derivation(UNUSED_VALUE, inputs))


def unused_allowance(*, charged: Money, credited: Money, allowance: str, included: int, used: int) -> Derived[Money]:
    """What is given back of a line by what its allowance has left: charged × (included − used) ÷ included.

    `charged` and `credited` as for unused days; what is used beyond the allowance gives nothing back. Raises
    InvalidProration for amounts below zero and an allowance of nothing, CurrencyMismatch.
    """
    _refuse_negative(charged, "charged")
    _refuse_negative(credited, "credited")
    if included < 1 or used < 0:
        raise InvalidProration("An allowance is one or more, and what is used of it zero or more.", field="included")
    unused = max(included - used, 0)
    share, zero = charged.times(Fraction(unused, included)), Money.zero(charged.currency)
    left = max(charged - credited, zero)
    value = min(share, left)
    inputs = {
        "charged": str(charged),
        "credited": str(credited),
        "allowance": allowance,
        "unused": str(unused),
        "included": str(included),
        "limit": "left_of_line" if left < share else "none",
        "rounding": _rounding(Fraction(charged.amount * unused, included)) if value == share else "none",
    }
    return Derived(value, Derivation(UNUSED_ALLOWANCE, inputs))


def price_of_days(*, price: Money, days: int, period_days: int, percent: int = 100) -> Derived[Money]:
    """price × days ÷ days of the period × percent: the rest of a period, days added to it, a fee for days of grace.

    `days` may be more than the period has. Raises InvalidProration for a number below zero or a period without days.
    """
    _refuse_negative(price, "price")
    if days < 0 or percent < 0 or period_days < 1:
        raise InvalidProration("Days and percent are zero or more, and a period has at least one day.", field="days")
    share = Fraction(days * percent, period_days * 100)
    inputs = {
        "price": str(price),
        "days": str(days),
        "period_days": str(period_days),
        "percent": str(percent),
        "rounding": _rounding(price.amount * share),
    }
    return Derived(price.times(share), Derivation(PRICE_OF_DAYS, inputs))


def split_by_days(*, amount: Money, period: Period, cuts: Sequence[date]) -> Derived[tuple[Money, ...]]:
    """The amount's parts between the period's start, the cuts and its end, in proportion to their days.

    They add up to the amount (largest remainder). Raises InvalidProration unless the cuts lie in the period, each
    after the one before.
    """
    edges = [period.starts_on, *cuts, period.ends_on]
    days = [(later - earlier).days for earlier, later in pairwise(edges)]
    if min(days) < 1:
        raise InvalidProration("A period is cut on days inside of it, one after the other.", field="cuts")
    inputs = {
        "amount": str(amount),
        "edges": " ".join(edge.isoformat() for edge in edges),
        "days": " ".join(map(str, days)),
        "rounding": "largest_remainder",
    }
    return Derived(tuple(amount.split(days)), Derivation(SPLIT_BY_DAYS, inputs))


def _refuse_negative(amount: Money, field: str) -> None:
    if amount.amount < 0:
        raise InvalidProration(f"{amount} is less than nothing.", field=field)


def _rounding(exact: Fraction) -> str:
    return "none" if exact.denominator == 1 else "half_up"
