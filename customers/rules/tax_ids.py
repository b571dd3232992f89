"""Tax ids: their form and check digits by country, without asking anybody."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Any

from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

# India's states as ISO 3166-2 writes them, in the order of the numbers that a GSTIN begins with: 01 is JK.
_STATES = "JKHPPBCHUKHRDLRJUPBRSKARNLMNMZTRMLASWBJHODCGMPGJDHDHMHAPKAGALDKLTNPYANTSAPLA"


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
    module = _module(country)
    if module is None:
        return text.strip()[:40]
    try:
        return str(module.validate(text))
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


def state_of_gstin(tax_id: str) -> str:
    """The state that a valid GSTIN is registered in, as ISO writes it; empty for an unknown one."""
    number = int(tax_id[:2]) if tax_id[:2].isdecimal() else 0
    return _STATES[2 * number - 2 : 2 * number] if number else ""


def _module(country: str) -> Any:
    return get_cc_module(country, "gstin" if country == "IN" else "vat")
