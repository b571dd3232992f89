"""Unused time and parts of periods: exact, within bounds, and the worked examples to the cent."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.explain import derivation_from, money_in
from billing.rules.proration import (
    InvalidProration,
    price_of_days,
    split_by_days,
    unused_allowance,
    unused_days,
    unused_value,
)
from partnerpanel.kernel.money import CurrencyMismatch, Money
from partnerpanel.kernel.period import Period

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))  # 30 days
CURRENCIES = st.sampled_from(["USD", "JPY", "BHD"])
AMOUNTS = st.integers(0, 10**12)
PERIODS = st.builds(
    lambda start, days: Period(start, start + timedelta(days=days)),
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    st.integers(1, 3_700),
)


def usd(text: str) -> Money:
    return Money.parse(text, "USD")


def unused(charged: Money, on: date, credited: str = "0") -> Money:
    earlier = Money.parse(credited, charged.currency)
    return unused_value(charged=charged, credited=earlier, period=MARCH, on=on).value


def test_an_upgrade_after_twelve_of_thirty_days_gives_sixty_of_a_hundred_back() -> None:
    credit = unused(usd("100.00"), date(2026, 3, 13))
    assert credit == usd("60.00")
    assert usd("150.00") - credit == usd("90.00")


def test_with_the_anchor_kept_the_rest_of_the_new_price_less_the_credit_is_due() -> None:
    rest = price_of_days(price=usd("150.00"), days=unused_days(MARCH, date(2026, 3, 13)), period_days=MARCH.days)
    assert rest.value == usd("90.00")
    assert rest.value - unused(usd("100.00"), date(2026, 3, 13)) == usd("30.00")


@pytest.mark.parametrize(("percent", "fee", "due"), [(100, "50.00", "150.00"), (50, "25.00", "125.00")])
def test_fifteen_days_of_grace_cost_half_a_month(percent: int, fee: str, due: str) -> None:
    found = price_of_days(price=usd("100.00"), days=15, period_days=30, percent=percent)
    assert found.value == usd(fee)
    assert found.value + usd("100.00") == usd(due)


@pytest.mark.parametrize(
    ("on", "days"),
    [
        (date(2026, 2, 1), 30),
        (date(2026, 3, 1), 30),
        (date(2026, 3, 2), 29),
        (date(2026, 3, 30), 1),
        (date(2026, 3, 31), 0),
        (date(2027, 1, 1), 0),
    ],
)
def test_days_before_the_period_count_whole_and_after_it_not_at_all(on: date, days: int) -> None:
    assert unused_days(MARCH, on) == days
    assert unused(usd("30.00"), on) == Money(days * 100, "USD")


def test_never_more_than_earlier_credits_left_of_the_line() -> None:
    day = date(2026, 3, 13)
    assert unused(usd("100.00"), day, credited="39.99") == usd("60.00")
    assert unused(usd("100.00"), day, credited="40.01") == usd("59.99")
    assert unused(usd("100.00"), day, credited="100.00") == usd("0")
    assert unused(usd("100.00"), day, credited="130.00") == usd("0")


@pytest.mark.parametrize(
    ("used", "credited", "credit"),
    [(0, "0", "100.00"), (60, "0", "40.00"), (60, "70.00", "30.00"), (120, "0", "0"), (1, "0", "99.00")],
)
def test_what_is_left_of_an_allowance_is_given_back_and_nothing_beyond_it(
    used: int, credited: str, credit: str
) -> None:
    found = unused_allowance(charged=usd("100.00"), credited=usd(credited), allowance="calls", included=100, used=used)
    assert found.value == usd(credit)


def test_an_allowance_of_nothing_is_an_error() -> None:
    with pytest.raises(InvalidProration):
        unused_allowance(charged=usd("1"), credited=usd("0"), allowance="calls", included=0, used=0)


def test_an_unpaid_period_gives_nothing() -> None:
    assert unused(usd("0"), date(2026, 3, 13)) == usd("0")


@pytest.mark.parametrize(("amount", "expected"), [("10.01 USD", "5.01"), ("1001 JPY", "501"), ("10.001 BHD", "5.001")])
def test_a_half_of_the_smallest_unit_is_rounded_up_in_every_currency(amount: str, expected: str) -> None:
    number, currency = amount.split()
    half = unused(Money.parse(number, currency), date(2026, 3, 16))
    assert half == Money.parse(expected, currency)


@given(AMOUNTS, AMOUNTS, PERIODS, st.integers(-400, 4_000), CURRENCIES)
def test_unused_value_is_within_its_bounds_and_its_rounding_within_half_a_unit(
    charged: int, credited: int, period: Period, offset: int, currency: str
) -> None:
    on = period.starts_on + timedelta(days=offset)
    value = unused_value(
        charged=Money(charged, currency), credited=Money(credited, currency), period=period, on=on
    ).value.amount
    exact = Fraction(charged * unused_days(period, on), period.days)
    assert 0 <= value <= max(charged - credited, 0)
    assert value == max(charged - credited, 0) or abs(value - exact) <= Fraction(1, 2)


@given(AMOUNTS, PERIODS, st.integers(0, 4_000), CURRENCIES)
def test_a_day_later_never_gives_more_and_never_charges_less(
    amount: int, period: Period, offset: int, currency: str
) -> None:
    money, day = Money(amount, currency), period.starts_on + timedelta(days=offset)
    today, tomorrow = (
        unused_value(charged=money, credited=Money.zero(currency), period=period, on=on).value
        for on in (day, day + timedelta(days=1))
    )
    assert today >= tomorrow
    fewer, more = (
        price_of_days(price=money, days=days, period_days=period.days).value for days in (offset, offset + 1)
    )
    assert fewer <= more


@given(AMOUNTS, st.lists(AMOUNTS, max_size=5), PERIODS, CURRENCIES)
def test_credits_one_after_the_other_never_exceed_the_line(
    charged: int, days: list[int], period: Period, currency: str
) -> None:
    line, credited = Money(charged, currency), Money.zero(currency)
    for day in days:
        on = period.starts_on + timedelta(days=day % (period.days + 1))
        credited += unused_value(charged=line, credited=credited, period=period, on=on).value
    assert credited <= line


@given(st.integers(-(10**12), 10**12), PERIODS, st.sets(st.integers(1, 3_700), max_size=8), CURRENCIES)
def test_parts_by_days_add_up_and_each_is_within_a_unit_of_its_share(
    amount: int, period: Period, offsets: set[int], currency: str
) -> None:
    cuts = [period.starts_on + timedelta(days=day) for day in sorted(offsets) if day < period.days]
    split = split_by_days(amount=Money(amount, currency), period=period, cuts=cuts)
    days = [int(number) for number in split.why.inputs["days"].split()]
    assert Money.sum(split.value, currency) == Money(amount, currency)
    assert sum(days) == period.days
    for part, its_days in zip(split.value, days, strict=True):
        assert abs(part.amount - Fraction(amount * its_days, period.days)) < 1


def test_the_odd_cents_of_a_split_go_to_the_largest_remainders() -> None:
    thirds = split_by_days(amount=usd("100.00"), period=MARCH, cuts=[date(2026, 3, 11), date(2026, 3, 21)])
    assert [str(part.major) for part in thirds.value] == ["33.34", "33.33", "33.33"]


@pytest.mark.parametrize("cuts", [[date(2026, 3, 1)], [date(2026, 3, 31)], [date(2026, 3, 9), date(2026, 3, 9)]])
def test_a_cut_outside_the_period_is_refused(cuts: list[date]) -> None:
    with pytest.raises(InvalidProration) as refused:
        split_by_days(amount=usd("1.00"), period=MARCH, cuts=cuts)
    assert refused.value.field == "cuts"


def test_amounts_and_days_below_zero_and_mixed_currencies_are_refused() -> None:
    zero, minus = usd("0"), usd("-0.01")
    for charged, credited, field in ((minus, zero, "charged"), (zero, minus, "credited"), (minus, minus, "charged")):
        with pytest.raises(InvalidProration) as refused:
            unused_value(charged=charged, credited=credited, period=MARCH, on=date(2026, 3, 13))
        assert refused.value.field == field
    with pytest.raises(CurrencyMismatch):
        unused_value(charged=usd("1"), credited=Money(0, "EUR"), period=MARCH, on=date(2026, 3, 13))
    with pytest.raises(InvalidProration):
        price_of_days(price=minus, days=1, period_days=30)
    for days, of, percent in ((-1, 30, 100), (1, 0, 100), (1, 30, -1)):
        with pytest.raises(InvalidProration):
            price_of_days(price=usd("1"), days=days, period_days=of, percent=percent)


def test_a_derivation_holds_what_went_in_and_is_read_back_as_it_was() -> None:
    found = unused_value(charged=usd("100.00"), credited=usd("50.00"), period=MARCH, on=date(2026, 3, 13))
    assert found.why.inputs == {
        "charged": "100.00 USD",
        "credited": "50.00 USD",
        "starts_on": "2026-03-01",
        "ends_on": "2026-03-31",
        "on": "2026-03-13",
        "unused_days": "18",
        "period_days": "30",
        "limit": "left_of_line",
        "rounding": "none",
    }
    assert derivation_from(found.why.as_json()) == found.why
    assert money_in(found.why, "charged") == usd("100.00")
