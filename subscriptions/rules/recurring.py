"""Monthly value of a recurring price: yearly counts 1/12 a month, a year has 365 days, tax is not in it."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit

WHOLE = Fraction(1)
PER_MONTH = {
    Unit.DAY: Fraction(365, 12),
    Unit.WEEK: Fraction(365, 84),
    Unit.MONTH: Fraction(1),
    Unit.YEAR: Fraction(1, 12),
}


@lru_cache(maxsize=1_000)
def monthly_value(price: Money, interval: Interval, net_share: Fraction = WHOLE) -> Money:
    """What a price per interval comes to in a month, rounded once.

    `net_share` is what of the price is left without a tax that it contains.
    """
    return price.times(PER_MONTH[interval.unit] / interval.count * net_share)
