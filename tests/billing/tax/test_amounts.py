"""The tax of a line, and of what takes it back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.tax.rules.amounts import (
    Charged,
    MoreThanCharged,
    Taxes,
    credit_of_gross,
    credit_of_net,
    parts_from,
    tax_of,
    tax_total,
)
from billing.tax.rules.places import Treatment
from billing.tax.rules.rates import Rate, Tax, TaxKind
from partnerpanel.kernel.money import Money


def treatment(*percents: str, inclusive: bool = False) -> Treatment:
    kinds = (TaxKind.CGST, TaxKind.SGST, TaxKind.PST)
    taxes = tuple(Tax(kind, kind.value, Decimal(percent), "IN") for kind, percent in zip(kinds, percents, strict=False))
    return Treatment(taxes, inclusive)


def amounts(parts: Taxes) -> list[int]:
    return [part.amount.amount for part in parts]


@pytest.mark.parametrize(
    ("price", "percents", "inclusive", "net", "taxes"),
    [
        (Money(9_000, "EUR"), ["18"], False, 9_000, [1_620]),
        (Money(15_000, "EUR"), ["18"], False, 15_000, [2_700]),
        # A half goes up, once, on all taxes of the line together; the parts add up to that.
        (Money(50, "EUR"), ["19"], False, 50, [10]),
        (Money(1_005, "INR"), ["9", "9"], False, 1_005, [91, 90]),
        (Money(1, "INR"), ["9", "9"], False, 1, [0, 0]),
        (Money(1_999, "USD"), ["8.875"], False, 1_999, [177]),
        (Money(10_000, "CAD"), ["5", "9.975"], False, 10_000, [500, 998]),
        # Contained: net is what is left of the price.
        (Money(1_100, "JPY"), ["10"], True, 1_000, [100]),
        (Money(11_900, "EUR"), ["19"], True, 10_000, [1_900]),
        (Money(999, "EUR"), ["19"], True, 839, [160]),
        # No decimals, and three.
        (Money(105, "JPY"), ["10"], False, 105, [11]),
        (Money(1_005, "KWD"), ["5"], False, 1_005, [50]),
        (Money(1_010, "KWD"), ["5"], False, 1_010, [51]),
        (Money(0, "EUR"), ["19"], False, 0, [0]),
        (Money(500, "EUR"), ["0"], False, 500, [0]),
        (Money(500, "EUR"), [], False, 500, []),
    ],
    ids=str,
)
def test_tax_is_rounded_once_and_adds_up(
    price: Money, percents: list[str], inclusive: bool, net: int, taxes: list[int]
) -> None:
    found = tax_of(price, treatment(*percents, inclusive=inclusive))
    assert (found.net.amount, amounts(found.parts)) == (net, taxes)


percents = st.lists(st.decimals("0", "60", places=4).map(str), min_size=1, max_size=3)
nets = st.integers(1, 10**9)


@given(price=nets, rates=percents, inclusive=st.booleans())
def test_net_and_taxes_are_the_price(price: int, rates: list[str], inclusive: bool) -> None:
    found = tax_of(Money(price, "EUR"), treatment(*rates, inclusive=inclusive))
    total = tax_total(found.parts, "EUR").amount
    assert found.net.amount == (price - total if inclusive else price)
    assert min(amounts(found.parts)) >= 0


def after(line: Charged, net: Money, parts: Taxes) -> Charged:
    """The line once this was credited too."""
    taken = tuple(took + part.amount.amount for took, part in zip(line.taken, parts, strict=True))
    return Charged(line.net, line.parts, line.credited + net, taken)


def charged(net: int, rates: list[str]) -> Charged:
    found = tax_of(Money(net, "EUR"), treatment(*rates))
    return Charged(found.net, found.parts, Money(0, "EUR"), (0,) * len(found.parts))


@given(net=nets, rates=percents, cuts=st.lists(st.floats(0, 1), max_size=6))
def test_credits_exhaust_the_tax_exactly_whatever_their_sizes(net: int, rates: list[str], cuts: list[float]) -> None:
    line = charged(net, rates)
    for cut in cuts:
        back = Money(int(line.left.amount * cut), "EUR")
        parts = credit_of_net(line, back)
        assert all(0 <= part.amount.amount <= left for part, left in zip(parts, line.parts_left, strict=True))
        line = after(line, back, parts)
        exact = sum(amounts(line.parts)) * line.credited.amount / line.net.amount
        assert abs(sum(line.taken) - exact) <= 0.5 + 1e-6 * exact
    line = after(line, line.left, credit_of_net(line, line.left))
    assert list(line.taken) == amounts(line.parts)


@given(net=nets, rates=percents, cuts=st.lists(st.floats(0, 1), max_size=6), both=st.booleans())
def test_credits_of_amounts_with_tax_exhaust_the_line_exactly(
    net: int, rates: list[str], cuts: list[float], both: bool
) -> None:
    line = charged(net, rates)
    for number, cut in enumerate(cuts):
        if both and number % 2:
            some = Money(int(line.left.amount * cut), "EUR")
            line = after(line, some, credit_of_net(line, some))
            continue
        gross = Money(int((line.left + line.tax_left).amount * cut), "EUR")
        found = credit_of_gross(line, gross)
        assert found.net + tax_total(found.parts, "EUR") == gross
        assert 0 <= found.net.amount <= line.left.amount
        line = after(line, found.net, found.parts)
    rest = credit_of_gross(line, line.left + line.tax_left)
    line = after(line, rest.net, rest.parts)
    assert (line.left.amount, line.parts_left) == (0, [0] * len(line.parts))


def test_more_than_is_left_is_refused() -> None:
    line = charged(100, ["19"])
    with pytest.raises(MoreThanCharged):
        credit_of_net(line, Money(101, "EUR"))
    with pytest.raises(MoreThanCharged):
        credit_of_gross(line, Money(120, "EUR"))


def test_taxes_are_kept_and_read_back_as_they_were() -> None:
    parts = tax_of(Money(1_999, "USD"), treatment("8.875", "0.5")).parts
    assert parts_from([part.as_json() for part in parts], "USD") == parts
    assert [part.tax.percent_text for part in parts] == ["8.875", "0.5"]


def test_a_rate_holds_from_its_first_day_until_before_its_last() -> None:
    rate = Rate(Tax(TaxKind.VAT, "VAT", Decimal(19), "DE"), False, date(2021, 1, 1), date(2026, 7, 1))
    days = [date(2020, 12, 31), date(2021, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [rate.holds_on(day) for day in days] == [False, True, True, False]
