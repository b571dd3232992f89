"""A secret opens for its own row alone, and keys can be changed while old secrets still open."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from partnerpanel.tenancy.secrets import SecretUnreadable, ring, seal, unseal

PARTNER, ROW = uuid4(), uuid4()
PLACE: dict[str, Any] = {"partner_id": PARTNER, "row": ROW, "column": "password"}


def key(name: str, byte: int) -> str:
    return f"{name}:{base64.b64encode(bytes([byte]) * 32).decode()}"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_a_secret_is_read_as_it_was_kept(plain: str) -> None:
    sealed = seal(plain, **PLACE)
    assert unseal(sealed, **PLACE) == plain
    assert unseal(memoryview(sealed), **PLACE) == plain


def test_a_secret_is_not_seen_in_what_is_kept() -> None:
    sealed = seal("hunter2-hunter2", **PLACE)
    assert b"hunter2" not in sealed
    assert seal("hunter2-hunter2", **PLACE) != sealed, "every sealing has a nonce of its own"


@pytest.mark.parametrize("moved", [{"partner_id": uuid4()}, {"row": uuid4()}, {"column": "pin"}])
def test_moved_elsewhere_it_does_not_open(moved: dict[str, Any]) -> None:
    sealed = seal("hunter2", **PLACE)
    with pytest.raises(SecretUnreadable, match="does not belong to this row"):
        unseal(sealed, **(PLACE | moved))


def test_no_byte_of_it_can_be_altered() -> None:
    sealed = seal("hunter2", **PLACE)
    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 1
        with pytest.raises(SecretUnreadable):
            unseal(bytes(altered), **PLACE)


def test_what_was_cut_short_is_refused_as_altered() -> None:
    sealed = seal("hunter2", **PLACE)
    for length in range(len(sealed)):
        with pytest.raises(SecretUnreadable):
            unseal(sealed[:length], **PLACE)


def test_after_a_rotation_old_secrets_open_and_new_ones_take_the_new_key(settings: Settings) -> None:
    settings.SECRET_RING = [key("2025", 1)]
    old = seal("hunter2", **PLACE)
    settings.SECRET_RING = [key("2026", 2), key("2025", 1)]
    new = seal("hunter2", **PLACE)
    assert unseal(old, **PLACE) == unseal(new, **PLACE) == "hunter2"
    assert (old.partition(b"|")[0], new.partition(b"|")[0]) == (b"2025", b"2026")
    settings.SECRET_RING = [key("2026", 2)]
    with pytest.raises(SecretUnreadable, match="not in SECRET_RING"):
        unseal(old, **PLACE)


@pytest.mark.parametrize(
    "entries", [[], [""], ["nameless"], [":" + "A" * 44], ["short:QUJD"], ["a:not base64!"], [key("a|b", 1)]]
)
def test_a_malformed_ring_is_refused(settings: Settings, entries: Sequence[str]) -> None:
    settings.SECRET_RING = list(entries)
    with pytest.raises(ImproperlyConfigured, match="SECRET_RING"):
        ring()
