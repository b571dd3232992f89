"""Tax ids as people type them, as they are kept, and as documents write them."""

from __future__ import annotations

import pytest
from stdnum import luhn

from billing.tax.rules.checks import InvalidTax, OwnTaxes, checked_own
from customers.rules.tax_ids import (
    InvalidTaxId,
    TaxIdState,
    as_written,
    standard_form,
    state_of_gstin,
    tax_id_state,
)

EU = {
    "AT": "U13585627",
    "BE": "0428759497",
    "BG": "175074752",
    "CY": "10259033P",
    "CZ": "25123891",
    "DE": "136695976",
    "DK": "13585628",
    "EE": "100931558",
    "ES": "B58378431",
    "FI": "20774740",
    "FR": "40303265045",
    "GB": "980780684",
    "GR": "094259216",
    "HR": "33392005961",
    "HU": "12892312",
    "IE": "6433435F",
    "IT": "00743110157",
    "LT": "119511515",
    "LU": "15027442",
    "LV": "40003521600",
    "MT": "11679112",
    "NL": "004495445B01",
    "PL": "8567346215",
    "PT": "501964843",
    "RO": "18547290",
    "SE": "123456789701",
    "SI": "50223054",
    "SK": "2022749619",
}
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STATES = [
    *("JK", "HP", "PB", "CH", "UK", "HR", "DL", "RJ", "UP", "BR", "SK", "AR", "NL", "MN", "MZ", "TR", "ML", "AS", "WB"),
    *("JH", "OD", "CG", "MP", "GJ", "DH", "DH", "MH", "AP", "KA", "GA", "LD", "KL", "TN", "PY", "AN", "TS", "AP", "LA"),
]


def gstin(number: int) -> str:
    start = f"{number:02}AAPFU0939F1Z"
    return start + luhn.calc_check_digit(start, SIGNS)


@pytest.mark.parametrize(("country", "number"), EU.items())
def test_with_or_without_its_country_it_is_the_same_and_documents_write_it_with(country: str, number: str) -> None:
    prefix = "EL" if country == "GR" else country
    typed = [number, f"{prefix}{number}", f"{prefix} {number}", f"{prefix.lower()}-{number}"]
    assert {as_written(standard_form(text, country=country), country=country) for text in typed} == {prefix + number}
    assert {as_written(text, country=country) for text in typed} == {prefix + number}


@pytest.mark.parametrize(("country", "text"), [("DE", "FR40303265045"), ("FR", "DE136695976"), ("DE", "DE136695975")])
def test_that_of_another_country_or_with_a_wrong_digit_is_refused(country: str, text: str) -> None:
    with pytest.raises(InvalidTaxId):
        standard_form(text, country=country)
    assert as_written(text, country=country) == text


def test_where_no_country_is_written_and_where_the_form_is_unknown_it_stays_as_it_is() -> None:
    assert as_written("27AAPFU0939F1ZV", country="IN") == "27AAPFU0939F1ZV"
    assert as_written("any 1", country="ZZ") == "any 1"
    assert as_written("", country="DE") == ""


@pytest.mark.parametrize(("number", "state"), [*enumerate(STATES, start=1), (97, "OT")])
def test_every_state_of_india_has_its_number(number: int, state: str) -> None:
    made = gstin(number)
    assert standard_form(f" {made[:2]}-{made[2:].lower()} ", country="IN") == made
    assert tax_id_state(made, country="IN") is TaxIdState.VALID
    assert state_of_gstin(made) == state
    assert checked_own(OwnTaxes("IN", True, tax_id=made)).region == state


@pytest.mark.parametrize("text", [gstin(0), gstin(39), gstin(96), gstin(38)[:-1] + "?", gstin(38)[:14], "38" * 7])
def test_a_gstin_of_no_state_or_with_a_wrong_sign_is_refused(text: str) -> None:
    with pytest.raises(InvalidTaxId):
        standard_form(text, country="IN")
    with pytest.raises(InvalidTax) as refusal:
        checked_own(OwnTaxes("IN", True, tax_id=text))
    assert refusal.value.field == "tax_id"
