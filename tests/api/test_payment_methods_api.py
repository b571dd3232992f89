"""Cards by the API, as they go well: added, read, listed, chosen, and taken away."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.program import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(program: Program) -> str:
    made: str = program.post("/customers", {"name": "Anna", "email": "anna@bakery.example"}).ok(201)["id"]
    return made


def added(program: Program, customer: str, method: str = "sandbox_ok", **more: Any) -> Any:
    return program.post("/payment_methods", {"customer": customer, "method": method, **more}).ok(201)


def listed(program: Program, query: str) -> list[str]:
    return [one["id"] for one in program.get(f"/payment_methods?{query}").ok()["data"]]


def test_a_card_is_added_and_reads_as_it_was_answered(program: Program, customer: str) -> None:
    made = added(program, customer)
    assert program.get(f"/payment_methods/{made['id']}").ok() == made
    assert made | {"id": "", "added_at": ""} == {
        "id": "",
        "object": "payment_method",
        "customer": customer,
        "gateway": "sandbox",
        "gateway_id": "sandbox_ok",
        "brand": "sandbox",
        "last4": "0001",
        "expires_month": 12,
        "expires_year": 2099,
        "is_default": True,
        "added_at": "",
        "replaced_at": None,
    }


def test_the_same_request_adds_one_card(program: Program, customer: str) -> None:
    body = {"customer": customer, "method": "sandbox_ok"}
    first, second = (program.post("/payment_methods", body, key="once").ok(201)["id"] for _ in range(2))
    assert first == second
    assert listed(program, f"customer={customer}") == [first]


def test_a_second_one_replaces_the_first_or_stands_beside_it(program: Program, customer: str) -> None:
    first = added(program, customer)["id"]
    second = added(program, customer, "sandbox_soft_decline")["id"]
    third = added(program, customer, "sandbox_hard_decline", beside=True)["id"]
    assert program.get(f"/payment_methods/{first}").ok()["replaced_at"] is not None
    assert listed(program, f"customer={customer}&is_default=true") == [second]
    assert not program.get(f"/payment_methods/{third}").ok()["is_default"]
    assert listed(program, "gateway_id=sandbox_hard_decline") == [third]


def test_another_default_is_chosen(program: Program, customer: str) -> None:
    first = added(program, customer)["id"]
    second = added(program, customer, "sandbox_soft_decline", beside=True)["id"]
    chosen = program.post(f"/payment_methods/{second}/make_default").ok()
    assert (chosen["id"], chosen["is_default"]) == (second, True)
    assert listed(program, f"customer={customer}&is_default=true") == [second]
    assert program.get(f"/payment_methods/{first}").ok()["replaced_at"] is None


def test_one_that_is_removed_stays_readable_and_the_other_takes_its_place(program: Program, customer: str) -> None:
    first = added(program, customer)["id"]
    second = added(program, customer, "sandbox_soft_decline", beside=True)["id"]
    for _ in range(2):
        gone = program.send("DELETE", f"/payment_methods/{first}", **{"Idempotency-Key": "gone"})
        assert (gone.status, gone.response.content) == (204, b"")
    read = program.get(f"/payment_methods/{first}").ok()
    assert (read["is_default"], read["replaced_at"] is not None) == (False, True)
    assert listed(program, f"customer={customer}&is_default=true") == [second]
    assert program.send("DELETE", f"/payment_methods/{first}", **{"Idempotency-Key": "again"}).status == 404
