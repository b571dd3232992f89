"""Tax ids: their form and check digits by country, without asking anybody."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Any

from stdnum import get_cc_module, luhn
from stdnum.exceptions import ValidationError
from stdnum.in_ import pan

# India's states as ISO 3166-2 writes them, in the order of the numbers that a GSTIN begins with: 01 is JK, 38 Ladakh.
_STATES = "JKHPPBCHUKHRDLRJUPBRSKARNLMNMZTRMLASWBJHODCGMPGJDHDHMHAPKAGALDKLTNPYANTSAPLA"
# Who is in no state: at sea, on an oil rig. It buys and sells across states.
OTHER_TERRITORY = "OT"
# “EE-100931558”: what people put between the country and the number.
_AFTER_COUNTRY = re.compile(r"^\s*([A-Za-z]{2})[\s.-]+(?=[0-9A-Za-z])")
_GSTIN = re.compile(r"[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]")
_GSTIN_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Where the law has a tax id begin with the country; Greece writes EL.
_PREFIXED = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)


class TaxIdState(StrEnum):
    """What is known of a tax id: its form and check digits fit its country, or nobody knows that country's form."""

    NONE = "none"
    VALID = "valid"
    UNKNOWN_FORM = "unknown_form"
    INVALID = "invalid"


class InvalidTaxId(ValueError):
    """The country's form or check digits refuse it."""


def standard_form(text: str, *, country: str) -> str:
    """The tax id in its country's standard form; as written where the country's form is not known.

    Raises InvalidTaxId.
    """
    if not text.strip():
        return ""
    if country == "IN":
        return _gstin(text)
    module = _module(country)
    if module is None:
        return text.strip()[:40]
    try:
        return str(module.validate(_AFTER_COUNTRY.sub(r"\1", text)))
    except ValidationError as error:
        raise InvalidTaxId(text) from error


@lru_cache(maxsize=10_000)
def tax_id_state(tax_id: str, *, country: str) -> TaxIdState:
    """What is known of it, from itself alone."""
    if not tax_id:
        return TaxIdState.NONE
    if _module(country) is None:
        return TaxIdState.UNKNOWN_FORM
    try:
        standard_form(tax_id, country=country)
    except InvalidTaxId:
        return TaxIdState.INVALID
    return TaxIdState.VALID


def as_written(tax_id: str, *, country: str) -> str:
    """As documents write it: with its country where it has the EU's or the United Kingdom's form, `DE136695976`.

    It is kept without, so that one who writes the country and one who does not are the same.
    """
    if country not in _PREFIXED or tax_id_state(tax_id, country=country) is not TaxIdState.VALID:
        return tax_id
    prefix = "EL" if country == "GR" else country
    number = standard_form(tax_id, country=country)
    return number if number.startswith(prefix) else prefix + number


def state_of_gstin(tax_id: str) -> str:
    """The state that a valid GSTIN is registered in, as ISO writes it; OTHER_TERRITORY for 97, empty for an unknown
    one."""
    number = int(tax_id[:2]) if tax_id[:2].isdecimal() else 0
    if number == 97:
        return OTHER_TERRITORY
    return _STATES[2 * number - 2 : 2 * number] if number else ""


def _gstin(text: str) -> str:
    """Ours and not stdnum's, which knows no number above 37: Ladakh has 38, other territory 97. Raises InvalidTaxId."""
    number = "".join(text.split()).replace("-", "").upper()
    try:
        if not _GSTIN.fullmatch(number) or not state_of_gstin(number):
            raise InvalidTaxId(text)
        pan.validate(number[2:12])
        luhn.validate(number, _GSTIN_SIGNS)
    except ValidationError as error:
        raise InvalidTaxId(text) from error
    return number


def _module(country: str) -> Any:
    return get_cc_module(country, "gstin" if country == "IN" else "vat")
