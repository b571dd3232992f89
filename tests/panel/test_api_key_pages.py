"""Settings > API keys: a key is made and shown once, rotated, revoked, and listed without its secret."""

from __future__ import annotations

import re

import pytest

from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.models import ApiKey
from tests.api.program import Program, make_program
from tests.people import Person

AT = "/panel/eastwind/settings/api-keys/"
SECRET = re.compile(r"pp_live_[0-9a-f]{64}")


def make(owner: Person, **wanted: str) -> str:
    """The secret that the popup shows."""
    sent = {"name": "Our website", "access": "read", "scopes": "", "networks": "", "lives": "", **wanted}
    page = owner.client().post(AT + "new/", sent).content.decode()
    found = SECRET.search(page)
    assert found, page[:3000]
    return found[0]


def test_a_key_is_made_and_shown_once(owner: Person) -> None:
    secret = make(owner)
    assert Program(secret).get("/customers").status == 200
    listed = owner.client().get(AT).content.decode()
    assert "Our website" in listed
    assert secret not in listed
    assert secret[-4:] in listed


def test_reading_is_all_that_a_reading_key_may(owner: Person) -> None:
    program = Program(make(owner))
    assert program.post("/customers", {"name": "Ada", "email": "ada@example.com"}).code == "missing_scope"


def test_chosen_scopes_are_those_of_the_key(owner: Person) -> None:
    make(owner, access="chosen", scopes="customers:read\ninvoices:read", networks="127.0.0.1", lives="30")
    key = ApiKey.objects.get()
    assert key.scopes == ["customers:read", "invoices:read"]
    assert key.networks == ["127.0.0.1/32"]
    assert key.expires_at is not None


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"name": ""}, "Say what the key is for."),
        ({"access": "chosen"}, "Write at least one scope."),
        ({"access": "chosen", "scopes": "everything"}, "is no scope"),
        ({"networks": "somewhere"}, "is no address"),
    ],
)
def test_wrong_input_is_told_beside_its_field(owner: Person, wrong: dict[str, str], text: str) -> None:
    sent = {"name": "Our website", "access": "read", **wrong}
    assert text in owner.client().post(AT + "new/", sent).content.decode()
    assert not ApiKey.objects.exists()


def test_a_rotated_key_has_a_successor(owner: Person) -> None:
    make_program(owner)
    at = AT + public("key", ApiKey.objects.get().pk)
    page = owner.client().post(at + "/rotate/", {"overlap": "24"}).content.decode()
    found = SECRET.search(page)
    assert found
    assert Program(found[0]).get("/me").status == 200


def test_a_revoked_key_is_told_apart(owner: Person) -> None:
    program = make_program(owner)
    owner.client().post(AT + public("key", ApiKey.objects.get().pk) + "/revoke/", {})
    assert program.get("/me").status == 401
    assert "No longer working" in owner.client().get(AT).content.decode()


def test_a_reader_sees_keys_and_makes_none(colleague: Person, owner: Person) -> None:
    make_program(owner)
    page = colleague.client().get(AT).content.decode()
    assert "A program" in page
    assert "Make key" not in page
    assert colleague.client().get(AT + "new/").status_code == 403


def test_the_record_names_the_key_that_acted(owner: Person) -> None:
    program = make_program(owner)
    customer = program.post("/customers", {"name": "Ada", "email": "ada@example.com"}).ok(201)["id"]
    page = owner.client().get(f"/panel/eastwind/customers/{customer}/").content.decode()
    assert "A program (API key)" in page
