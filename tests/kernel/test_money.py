"""Money is exact: nothing is lost in a split, and rounding happens once."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerpanel.kernel.money import CurrencyMismatch, InvalidMoney, Money, round_half_up

AMOUNTS = st.integers(-(10**15) + 1, 10**15 - 1)
CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "KWD", "CLP", "TND"])
MONEY = st.builds(Money, AMOUNTS, CURRENCIES)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any)


@given(MONEY, WEIGHTS)
def test_the_parts_of_a_split_add_up(money: Money, weights: list[int]) -> None:
    assert Money.sum(money.split(weights), money.currency) == money


@given(MONEY, WEIGHTS)
def test_no_part_is_a_whole_unit_away_from_its_share(money: Money, weights: list[int]) -> None:
    for part, weight in zip(money.split(weights), weights, strict=True):
        assert abs(part.amount - Fraction(money.amount * weight, sum(weights))) < 1


@given(MONEY, WEIGHTS)
def test_a_credit_splits_as_its_charge_did(money: Money, weights: list[int]) -> None:
    assert [-part for part in money.split(weights)] == (-money).split(weights)


def test_a_third_part_gets_the_cent_that_is_left_only_if_its_remainder_is_largest() -> None:
    assert [part.amount for part in Money(100, "EUR").split([1, 1, 1])] == [34, 33, 33]
    assert [part.amount for part in Money(100, "EUR").split([30, 1, 29])] == [50, 2, 48]


@pytest.mark.parametrize("weights", [[0, 0], [], [-1, 2], [3, -1]])
def test_weights_that_say_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(InvalidMoney, match="Weights"):
        Money(100, "EUR").split(weights)


@given(MONEY, st.fractions())
def test_a_half_is_rounded_away_from_zero_on_both_sides(money: Money, factor: Fraction) -> None:
    exact = money.amount * factor
    rounded = money.times(factor).amount
    assert abs(rounded - exact) <= Fraction(1, 2)
    assert money.times(-factor) == -money.times(factor)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)


@pytest.mark.parametrize(("half", "whole"), [("1/2", 1), ("-1/2", -1), ("5/2", 3), ("-5/2", -3), ("49/100", 0)])
def test_halves(half: str, whole: int) -> None:
    assert round_half_up(Fraction(half)) == whole


@given(MONEY)
def test_what_is_written_is_read_again(money: Money) -> None:
    assert Money.parse(str(money.major), money.currency) == money
    assert -money.major.as_tuple().exponent == money.exponent  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("29.85", "USD", 2985),
        (" 29.850 ", "USD", 2985),
        ("+1", "USD", 100),
        ("-0.5", "USD", -50),
        (".5", "USD", 50),
        ("7.", "USD", 700),
        ("1050", "JPY", 1050),
        ("1050.0", "JPY", 1050),
        ("1.234", "KWD", 1234),
        ("999999999999999.99", "EUR", 99999999999999999),
    ],
)
def test_amounts_are_read_in_the_currencys_decimals(text: str, currency: str, amount: int) -> None:
    assert Money.parse(text, currency) == Money(amount, currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".",
        "-",
        "a",
        "1,50",
        "1_000",
        "1e3",
        "1e999999",
        "1e-999999",
        "NaN",
        "Infinity",
        "0x10",
        "1.2.3",
        "٣",
        "１",
        "1234567890123456789012345678.99",
        "9" * 10_000,
        "1\x00",
    ],
)
def test_anything_else_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(InvalidMoney, match="is no amount"):
        Money.parse(text, "EUR")


@pytest.mark.parametrize(("text", "currency"), [("1.005", "EUR"), ("1.5", "JPY"), ("1.2345", "KWD")])
def test_decimals_that_the_currency_lacks_are_refused_and_never_rounded(text: str, currency: str) -> None:
    with pytest.raises(InvalidMoney, match="more decimals"):
        Money.parse(text, currency)


@pytest.mark.parametrize("amount", [1.0, True, "1", Decimal(1), None])
def test_only_whole_numbers_are_money(amount: object) -> None:
    with pytest.raises(InvalidMoney, match="whole minor units"):
        Money(amount, "EUR")  # type: ignore[arg-type]


@pytest.mark.parametrize("currency", ["eur", "EURO", "E1R", "", "ÄÖÜ", "EUR\n"])
def test_only_iso_codes_are_currencies(currency: str) -> None:
    with pytest.raises(InvalidMoney, match="currency code"):
        Money(1, currency)


def test_currencies_never_mix() -> None:
    euro, yen = Money(1, "EUR"), Money(1, "JPY")
    for mix in (euro.__add__, euro.__sub__, euro.__lt__, euro.__le__, euro.__gt__, euro.__ge__):
        with pytest.raises(CurrencyMismatch):
            mix(yen)
    with pytest.raises(CurrencyMismatch):
        Money.sum([euro, yen], "EUR")
    assert euro != yen
