"""A price that is announced: of one unit, for every period that begins on its day or later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from partnerpanel.kernel.money import Money


@dataclass(frozen=True, slots=True)
class NextPrice:
    """What one unit costs in periods that begin on `from_on` or later, and the local day on which that was said."""

    unit: Money
    from_on: date
    announced_on: date

    def holds_for(self, starts_on: date) -> bool:
        """Whether a period that begins on that day costs it."""
        return starts_on >= self.from_on

    @classmethod
    def of(cls, amount: int | None, from_on: date | None, announced_on: date | None, currency: str) -> Self | None:
        """From the columns of a subscription; None where nothing is announced."""
        if amount is None or from_on is None or announced_on is None:
            return None
        return cls(Money(amount, currency), from_on, announced_on)


def columns_of(price: NextPrice | None) -> dict[str, Any]:
    """The columns of a subscription that keep it."""
    return {
        "next_price_amount": price.unit.amount if price else None,
        "next_price_from": price.from_on if price else None,
        "next_price_announced_on": price.announced_on if price else None,
    }
