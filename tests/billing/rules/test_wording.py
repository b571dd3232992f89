"""Every amount can say in a plain sentence where it came from, in the reader's language and the currency's decimals."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from billing import wording
from billing.rules import proration, renewal
from billing.rules.proration import price_of_days, split_by_days, unused_value
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
DAY = date(2026, 3, 13)


def told(charged: Money, credited: int = 0, on: date = DAY) -> str:
    found = unused_value(charged=charged, credited=Money(credited, charged.currency), period=MARCH, on=on)
    return wording.sentence(found.value, found.why)


def test_unused_time_is_told_with_its_days() -> None:
    assert told(Money(10_000, "USD")) == "60.00 credit = 100.00 × 18/30 days unused"


@pytest.mark.parametrize(
    ("charged", "text"),
    [
        (Money(100_001, "JPY"), "60,001 credit = 100,001 × 18/30 days unused, rounded"),
        (Money(10_000, "BHD"), "6.000 credit = 10.000 × 18/30 days unused"),
        (Money(123_456_789, "EUR"), "740,740.73 credit = 1,234,567.89 × 18/30 days unused, rounded"),
        (Money(0, "EUR"), "No credit: nothing was charged for this period"),
    ],
    ids=str,
)
def test_amounts_have_the_decimals_of_their_currency_and_rounding_is_told(charged: Money, text: str) -> None:
    assert told(charged) == text


def test_what_earlier_credits_leave_is_told() -> None:
    assert told(Money(10_000, "USD"), 5_000) == ("50.00 credit = what is left of 100.00 after earlier credits of 50.00")


def test_a_price_by_days_names_its_percent_only_where_there_is_one() -> None:
    for percent, text in (
        (100, "50.00 = 100.00 × 15/30 days"),
        (50, "25.00 = 100.00 × 15/30 days × 50 %"),
    ):
        found = price_of_days(price=Money(10_000, "USD"), days=15, period_days=30, percent=percent)
        assert wording.sentence(found.value, found.why) == text


def test_a_split_names_all_its_parts() -> None:
    found = split_by_days(amount=Money(10_000, "USD"), period=MARCH, cuts=[DAY])
    assert wording.sentence(found.value, found.why) == "100.00 over 12 + 18 days = 40.00 + 60.00"


def test_it_speaks_the_language_of_the_page() -> None:
    with translation.override("de"):
        assert told(Money(10_000_000, "EUR")) == "60.000,00 Gutschrift = 100.000,00 × 18/30 Tage ungenutzt"


def test_every_rule_has_its_sentence_and_an_unknown_one_is_an_error() -> None:
    assert set(wording.SENTENCES) == {
        proration.UNUSED_VALUE,
        proration.PRICE_OF_DAYS,
        proration.SPLIT_BY_DAYS,
        renewal.PRICE_FOR_PERIOD,
    }
    with pytest.raises(KeyError):
        wording.sentence(Money(1, "EUR"), Derivation("no_such_rule"))
