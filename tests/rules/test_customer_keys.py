"""Normalised columns: what people type finds what is kept, and no name is too odd to be kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.models import Customer
from customers.rules.keys import search_key
from customers.rules.profile import InvalidCustomer, Profile, checked

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
LENGTHS = {field.name: field.max_length for field in Customer._meta.local_fields}


@pytest.mark.parametrize(
    ("name", "key"),
    [("Zoë  MÜLLER", "zoe muller"), ("Straße", "strasse"), ("ÅSA", "asa"), (" \t ", ""), ("İstanbul", "istanbul")],
)
def test_case_accents_and_spaces_are_folded(name: str, key: str) -> None:
    assert search_key(name) == key


@given(NAMES)
def test_a_key_is_its_own_key_and_fits_its_column(name: str) -> None:
    key = search_key(name)
    assert search_key(key) == key
    assert len(key) <= (LENGTHS["name_key"] or 0)


def test_a_name_that_grows_when_it_is_folded_fits_its_column() -> None:
    assert len(search_key("\ufdfa" * 200)) <= (LENGTHS["name_key"] or 0)


@pytest.mark.parametrize("local", ["\ufb03" * 90, "x" * 260])
def test_an_address_whose_key_does_not_fit_is_refused(local: str) -> None:
    with pytest.raises(InvalidCustomer) as refusal:
        checked(Profile("Anna", f"{local}@example.com", "DE", "Europe/Berlin"))
    assert refusal.value.field == "email"


@pytest.mark.parametrize("field", ["name", "email", "tax_id", "external_id"])
def test_a_sign_that_the_database_cannot_keep_is_refused_at_its_field(field: str) -> None:
    values = {"name": "Anna", "email": "anna@example.com", "country": "ZZ", "timezone": "UTC"} | {field: "a\x00@b.c"}
    with pytest.raises(InvalidCustomer) as refusal:
        checked(Profile(**values))
    assert refusal.value.field == field
