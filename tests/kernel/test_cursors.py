"""A cursor leads on from where a list stopped; a damaged one is refused in a sentence."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerpanel.kernel.paging import Cursor, InvalidCursor

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=50)


@given(TEXT, TEXT, st.booleans())
def test_a_cursor_is_read_as_it_was_made(key: str, id_: str, backwards: bool) -> None:
    cursor = Cursor(key, id_, backwards)
    assert Cursor.decode(cursor.encode()) == cursor


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_any_other_text_is_refused_or_harmless(text: str) -> None:
    try:
        cursor = Cursor.decode(text)
    except InvalidCursor:
        return
    assert isinstance(cursor.key, str)
    assert isinstance(cursor.id, str)


@pytest.mark.parametrize(
    "json",
    [
        b"",
        b"[]",
        b'["a","b"]',
        b'["a","b",1]',
        b'["a","b",true,1]',
        b'[1,"b",true]',
        b'{"a":1,"b":2,"c":3}',
        b'"abc"',
        b"null",
        b"\xff\xfe",
        b'["\\u0000","b",true]',
        b'["a","\\u0000",true]',
        b'["\\ud800","b",true]',
        b"[" * 100_000,
    ],
    ids=range(14),
)
def test_a_damaged_cursor_is_refused(json: bytes) -> None:
    with pytest.raises(InvalidCursor, match="damaged"):
        Cursor.decode(base64.urlsafe_b64encode(json).decode())
