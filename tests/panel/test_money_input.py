"""Amounts as people write them in their language, read to the last digit or refused."""

from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from partnerpanel.kernel.money import InvalidMoney, Money
from partnerpanel.panel.money_input import amount_text, read_amount


@pytest.mark.parametrize(
    ("language", "text", "currency", "minor"),
    [
        ("en", "29.85", "EUR", 2985),
        ("de", "29,85", "EUR", 2985),
        ("en", "1,050.00", "EUR", 105_000),
        ("de", "1.050,00", "EUR", 105_000),
        ("en", "1,050", "EUR", 105_000),
        ("de", "1.050", "EUR", 105_000),
        ("en", " 29.8 ", "EUR", 2980),
        ("en", "1500", "JPY", 1500),
        ("en", "1,500", "JPY", 1500),
        ("en", "1.234", "KWD", 1234),
        ("de", "1,234", "KWD", 1234),
        ("en", "0", "EUR", 0),
    ],
)
def test_an_amount_is_read_as_its_language_writes_it(language: str, text: str, currency: str, minor: int) -> None:
    with translation.override(language):
        assert read_amount(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("language", "text", "currency"),
    [
        ("en", "29,85", "EUR"),
        ("de", "29.85", "EUR"),
        ("en", "1.050", "EUR"),
        ("de", "1,050", "EUR"),
        ("en", "29.850", "EUR"),
        ("en", "15.5", "JPY"),
        ("en", "15.0", "JPY"),
        ("en", "1.2345", "KWD"),
        ("en", "1e3", "EUR"),
        ("en", "NaN", "EUR"),
        ("en", "Infinity", "EUR"),
        ("en", "", "EUR"),
        ("en", "ten", "EUR"),
        ("en", "9" * 31, "EUR"),
        ("en", "9" * 20, "EUR"),
        ("en", "1,2,3", "EUR"),
    ],
)
def test_what_could_be_meant_otherwise_is_refused(language: str, text: str, currency: str) -> None:
    with translation.override(language), pytest.raises(InvalidMoney):
        read_amount(text, currency)


@given(st.integers(0, 10**12), st.sampled_from(["EUR", "JPY", "KWD"]), st.sampled_from(["en", "de"]))
def test_what_a_field_shows_is_read_back_exactly(minor: int, currency: str, language: str) -> None:
    with translation.override(language):
        assert read_amount(amount_text(Money(minor, currency)), currency) == Money(minor, currency)
