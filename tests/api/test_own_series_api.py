"""Programs make series, change them and switch them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.program import Program

pytestmark = pytest.mark.django_db


def wanted(program: Program, **other: Any) -> dict[str, Any]:
    text = {"title": "A tip", "language": "en", "subject": "A tip", "body": "Hello {{ customer.name }}"}
    name = program.post("/templates", text).ok(201)["name"]
    mails = [{"days": 5, "template": name}, {"days": 1, "template": name}]
    return {"title": "Tips", "begun_by": "subscription.started", "mails": mails, **other}


def test_a_series_is_made_off_changed_and_switched_on(program: Program) -> None:
    body = wanted(program, stopped_by=["payment.received"])
    made = program.post("/series", body, key="once").ok(201)
    assert program.post("/series", body, key="once").ok(201)["id"] == made["id"]
    assert [one["days"] for one in made["mails"]] == [1, 5]
    assert (made["on"], made["stopped_by"], made["results"]) == (
        False,
        ["payment.received"],
        {"waiting": 0, "told": 0, "stopped": 0},
    )
    changed = program.patch(f"/series/{made['id']}", {"title": "Hints", "on": True}).ok()
    assert (changed["title"], changed["on"], changed["begun_by"]) == ("Hints", True, "subscription.started")
    assert [one["id"] for one in program.get("/series?on=true").ok()["data"]] == [made["id"]]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"begun_by": "subscription.renewed"}, "begun_by"),
        ({"stopped_by": ["subscription.started"]}, "stopped_by"),
        ({"mails": []}, "mails"),
        ({"mails": [{"days": 1, "template": "own_of_nobody"}]}, "mails"),
        ({"plans": ["plan_01jzzzzzzzzzzzzzzzzzzzzzzz"]}, "plans"),
    ],
)
def test_what_is_wrong_is_named(program: Program, wrong: dict[str, Any], field: str) -> None:
    answer = program.post("/series", wanted(program, **wrong))
    assert answer.status in (404, 422)
    assert {name.partition(".")[0] for name in answer.fields} == {field}


def test_another_partners_series_is_nobodys(program: Program, stranger_program: Program) -> None:
    made = program.post("/series", wanted(program)).ok(201)
    assert stranger_program.get(f"/series/{made['id']}").status == 404
    assert stranger_program.patch(f"/series/{made['id']}", {"on": True}).status == 404
    assert stranger_program.get("/series").ok()["data"] == []
