"""Ids look the same to everybody, and anything else has never existed."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import ALPHABET, parse, public, uuid7


@given(st.uuids())
def test_a_public_id_leads_back_to_its_row(id_: uuid.UUID) -> None:
    assert parse("cus", public("cus", id_)) == id_


@given(st.uuids(), st.uuids())
def test_public_ids_sort_as_their_rows_do(one: uuid.UUID, other: uuid.UUID) -> None:
    assert (public("cus", one) < public("cus", other)) == (one < other)


@given(st.text(max_size=40) | st.text(ALPHABET, max_size=40).map("cus_".__add__))
def test_no_other_text_is_an_id(text: str) -> None:
    try:
        id_ = parse("cus", text)
    except NotFound:
        return
    assert public("cus", id_) == text


VALID = public("cus", uuid.UUID(int=1))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cus",
        "cus_",
        VALID[4:],
        "sub_" + VALID[4:],
        VALID.upper(),
        VALID + "0",
        VALID[:-1],
        VALID[:-1] + "i",
        VALID[:-1] + "\x00",
        "cus_8" + VALID[5:],
        "cus__" + VALID[5:],
        " " + VALID,
        VALID + "\n",
        "../" + VALID,
        "' OR 1=1 --",
        str(uuid.UUID(int=1)),
        "cus_" + "٠" * 26,
    ],
)
def test_hostile_ids_are_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        parse("cus", text)


def test_new_ids_are_of_version_7_and_sort_by_time() -> None:
    ids = [uuid7() for _ in range(1_000)]
    assert {id_.version for id_ in ids} == {7}
    assert {id_.variant for id_ in ids} == {uuid.RFC_4122}
    assert len(set(ids)) == 1_000


def test_ids_sort_in_the_order_in_which_they_were_made_even_within_a_millisecond() -> None:
    ids = [uuid7() for _ in range(20_000)]
    assert ids == sorted(ids)


def test_ids_made_by_threads_are_all_different() -> None:
    with ThreadPoolExecutor(8) as threads:
        ids = list(threads.map(lambda _: uuid7(), range(20_000)))
    assert len(set(ids)) == 20_000
