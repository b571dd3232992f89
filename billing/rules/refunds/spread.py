"""An amount given back, spread over the lines of a document so that nothing is left over."""

from __future__ import annotations

from collections.abc import Sequence

from partnerpanel.kernel.money import Money


def spread(amount: Money, left: Sequence[Money]) -> list[Money]:
    """The amount as parts of lines in proportion to what is left of each with its tax (largest remainder).

    The parts add up to the amount and none is more than what is left of its line: whatever was given back before, the
    last part takes a line to exactly nothing. `amount` is at most what is left in all.
    """
    if not amount:
        return [amount] * len(left)
    return amount.split([line.amount for line in left])
