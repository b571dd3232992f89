"""What a price comes to in a month."""

from __future__ import annotations

from fractions import Fraction

from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit

_PER_YEAR = {Unit.DAY: Fraction(365), Unit.WEEK: Fraction(365, 7), Unit.MONTH: Fraction(12), Unit.YEAR: Fraction(1)}


def monthly(price: Money, interval: Interval) -> Fraction:
    """Exact minor units a month: a twelfth of a yearly price; a year counts 365 days. Round the sum, not the parts."""
    return price.amount * _PER_YEAR[interval.unit] / interval.count / 12
