"""Money and dates as people of each language write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone, translation

from partnerpanel.kernel.money import Money
from partnerpanel.panel.templatetags.formats import day, in_zone, money_text, number
from partnerpanel.panel.templatetags.looks import browser, initials


@pytest.mark.parametrize(
    ("language", "amount", "text"),
    [
        ("en", Money(123456, "EUR"), "€1,234.56"),
        ("de", Money(123456, "EUR"), "1.234,56\xa0€"),
        ("en", Money(3000, "JPY"), "¥3,000"),
        ("de", Money(-990, "USD"), "\N{MINUS SIGN}9,90\xa0$"),
        ("en", Money(1500, "BHD"), "BHD\xa01.500"),
        ("en", Money(1500, "IQD"), "IQD\xa01.500"),
        ("en", Money(10**17 + 1, "EUR"), "€1,000,000,000,000,000.01"),
    ],
)
def test_money_is_written_exactly_and_by_locale(language: str, amount: Money, text: str) -> None:
    with translation.override(language):
        assert money_text(amount) == text


def test_a_charge_beside_a_credit_shows_its_sign() -> None:
    with translation.override("en"):
        assert money_text(Money(100, "EUR"), signed=True) == "+€1.00"
        assert money_text(Money(0, "EUR"), signed=True) == "€0.00"


def test_instants_are_shown_in_the_partners_zone() -> None:
    instant = datetime(2026, 5, 14, 22, 30, tzinfo=UTC)
    with translation.override("de"), timezone.override("Europe/Berlin"):
        assert in_zone(instant) == "15.05.2026, 00:30"
        assert day(instant) == "15.05.2026"
        assert day(instant, "America/New_York") == "14.05.2026"
        assert day(date(2026, 5, 14)) == "14.05.2026"
        assert number(7043) == "7.043"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Anna Meyer-Lüdke", "AM"), ("taro@example.jp", "TE"), ("Ödön", "Ö"), ("", "?"), ("—", "?")],
)
def test_initials_come_from_any_name(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_browser_is_named_by_name_and_system() -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36"
    assert browser(agent) == "Chrome · Linux"
    assert browser("curl/8.1") == "curl/8.1"
