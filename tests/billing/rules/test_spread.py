"""What is given back in parts exhausts a document to the unit, whatever the parts were."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from billing.rules.refunds.spread import spread
from partnerpanel.kernel.money import Money

LINES = st.lists(st.integers(0, 100_000), min_size=1, max_size=6).filter(any)


# What each next part is of what is then left, in millionths; whatever the last one leaves is given back at once.
SHARES = st.lists(st.integers(1, 1_000_000), max_size=12)


@given(lines=LINES, shares=SHARES)
def test_odd_parts_take_every_line_to_exactly_nothing(lines: list[int], shares: list[int]) -> None:
    left = [Money(amount, "EUR") for amount in lines]
    for share in [*shares, 1_000_000]:
        whole = Money.sum(left, "EUR").amount
        if not whole:
            break
        amount = Money(max(1, whole * share // 1_000_000), "EUR")
        parts = spread(amount, left)
        assert Money.sum(parts, "EUR") == amount
        assert all(Money(0, "EUR") <= part <= line for part, line in zip(parts, left, strict=True))
        left = [line - part for line, part in zip(left, parts, strict=True)]
    assert not any(left)


def test_a_part_goes_to_lines_in_proportion_to_what_is_left_of_them() -> None:
    parts = spread(Money(1_001, "EUR"), [Money(2_000, "EUR"), Money(1_000, "EUR"), Money(0, "EUR")])
    assert [part.amount for part in parts] == [667, 334, 0]
