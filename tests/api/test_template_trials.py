"""Texts tried out by a program: nothing is written, and nobody but the partner's own people gets a test."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from notifications.models import Message
from partnerpanel.tenancy.scope import tenant
from tests.api.program import Program, make_program
from tests.people import Person

TEXT = {
    "name": "subscription_extended",
    "language": "en",
    "subject": "Hello {{ customer.name }}",
    "body": "*Dear* {{ customer.name }}",
}


def saved(program: Program) -> str:
    return str(program.post("/templates", TEXT).ok(201)["id"])


def test_a_preview_renders_a_text_and_says_what_it_leaves_out(program: Program) -> None:
    found = program.post("/templates/preview", TEXT).ok()
    assert (found["subject"], found["text"], found["is_real"]) == ("Hello Anna Berger", "*Dear* Anna Berger", False)
    assert "<em>Dear</em> Anna Berger" in found["html"]
    assert "plan.name" in found["left_out"]


def test_a_further_text_is_tried_without_a_name(program: Program) -> None:
    text = {name: value for name, value in TEXT.items() if name != "name"}
    assert program.post("/templates/preview", text).ok()["left_out"] == []
    wrong = program.post("/templates/preview", {**text, "body": "{{ settings.SECRET_KEY }}"})
    assert (wrong.status, wrong.fields) == (422, {"body"})


def test_a_customer_of_another_partner_is_nobody(program: Program, stranger_program: Program) -> None:
    theirs = stranger_program.post("/customers", {"name": "Eva", "email": "eva@example.com"}).ok(201)["id"]
    answer = program.post("/templates/preview", {**TEXT, "customer": theirs})
    assert (answer.status, answer.fields) == (404, {"customer"})


def test_a_test_goes_to_ones_own_people_and_to_nobody_else(owner: Person, program: Program) -> None:
    at = f"/templates/{saved(program)}/test"
    customer = program.post("/customers", {"name": "Eva", "email": "eva@example.com"}).ok(201)
    answer = program.post(at, {"to": customer["email"]})
    assert (answer.status, answer.fields) == (404, {"to"})
    assert mail.outbox == []
    assert program.post(at, {"to": owner.user.email.upper()}).ok()["to"] == owner.user.email
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([f"{owner.user} <{owner.user.email}>"], "[Test] Hello Anna Berger")
    with tenant(owner.partner.pk):
        assert not Message.objects.for_partner(owner.partner.pk).exists()


def test_the_same_request_mails_once(owner: Person, program: Program) -> None:
    at, body = f"/templates/{saved(program)}/test", {"to": owner.user.email}
    for _again in range(2):
        program.post(at, body, key="once").ok()
    assert len(mail.outbox) == 1


def test_of_another_partner_there_is_no_such_text(owner: Person, program: Program, stranger_program: Program) -> None:
    assert stranger_program.post(f"/templates/{saved(program)}/test", {"to": owner.user.email}).status == 404


@pytest.mark.parametrize(("scope", "path"), [("templates:read", "test"), ("customers:read", "preview")])
def test_a_key_needs_the_scope(owner: Person, program: Program, scope: str, path: str) -> None:
    reader, text = make_program(owner, scopes=[scope]), saved(program)
    body: dict[str, Any] = TEXT if path == "preview" else {"to": owner.user.email}
    answer = reader.post("/templates/preview" if path == "preview" else f"/templates/{text}/test", body)
    assert (answer.status, answer.code) == (403, "missing_scope")
