"""Keys: scopes, modes, expiry, addresses, rotation, limits, and what is left of them."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from partnerpanel.actions.api_keys import create_key, revoke_key, rotate_key
from partnerpanel.actions.test_mode import open_test_mode
from partnerpanel.api.limits import WINDOW
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError, Forbidden, NotFound
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.api_keys import hashed
from partnerpanel.tenancy.models import ApiKey
from tests.api.program import Program, make_program
from tests.people import Person, Team
from tests.world import NOW, World


def key_of(program: Program) -> ApiKey:
    return ApiKey.objects.get(hashed=hashed(program.secret))


def test_a_key_says_who_it_is(program: Program, owner: Person) -> None:
    me = program.get("/me").ok()
    assert (me["slug"], me["mode"]) == ("eastwind", "live")
    assert program.secret.startswith("pp_live_")


def test_a_key_is_kept_as_a_hash_alone(program: Program) -> None:
    kept = key_of(program)
    assert program.secret not in str(vars(kept))
    assert kept.hint == program.secret[-4:]


def test_a_session_is_no_way_in(owner: Person) -> None:
    assert owner.client().get("/api/v1/me").status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic {key}", "{key}", "Bearer {key}x"])
def test_only_the_key_itself_gets_in(program: Program, header: str) -> None:
    sent = {"Authorization": header.format(key=program.secret)}
    assert Client().get("/api/v1/me", headers=sent).status_code == 401


def test_a_test_key_reaches_the_test_mode_alone(owner: Person, program: Program, world: World) -> None:
    twin = open_test_mode(actor=owner.actor, now=NOW)
    made = create_key(name="Tests", scopes=["all"], actor=Actor.system(twin.pk), now=NOW)
    assert made.secret.startswith("pp_test_")
    test = Program(made.secret)
    assert test.get("/me").ok()["mode"] == "test"
    test.post("/customers", {"name": "Ada", "email": "ada@example.com"}).ok(201)
    assert program.get("/customers").ok()["data"] == []


def test_a_key_expires(owner: Person) -> None:
    program = make_program(owner, expires_at=system_now() + timedelta(hours=1))
    program.get("/me").ok()
    ApiKey.objects.update(expires_at=system_now() - timedelta(seconds=1))
    assert program.get("/me").code == "invalid_key"


def test_a_revoked_key_is_as_one_that_never_was(program: Program, owner: Person) -> None:
    revoke_key(key_of(program).pk, actor=owner.actor, now=NOW)
    answers = [program.get("/me").body, Program("pp_live_never").get("/me").body]
    assert {**answers[0], "request_id": ""} == {**answers[1], "request_id": ""}


def test_a_rotated_key_works_beside_its_successor_for_a_while(program: Program, owner: Person) -> None:
    made = rotate_key(key_of(program).pk, overlap=timedelta(hours=24), actor=owner.actor, now=NOW)
    program.get("/me").ok()
    Program(made.secret).get("/me").ok()
    ApiKey.objects.filter(hashed=hashed(program.secret)).update(expires_at=system_now())
    assert program.get("/me").status == 401
    Program(made.secret).get("/me").ok()


def test_a_key_is_rotated_once(program: Program, owner: Person) -> None:
    key_id = key_of(program).pk
    rotate_key(key_id, overlap=timedelta(hours=1), actor=owner.actor, now=NOW)
    with pytest.raises(DomainError) as refused:
        rotate_key(key_id, overlap=timedelta(hours=1), actor=owner.actor, now=NOW)
    assert refused.value.code == "key_revoked"


def test_a_key_works_from_its_addresses_alone(owner: Person) -> None:
    at_home = make_program(owner, networks=["127.0.0.0/8"])
    at_home.get("/me").ok()
    elsewhere = make_program(owner, networks=["203.0.113.7"])
    assert (elsewhere.get("/me").status, elsewhere.get("/me").code) == (403, "address_not_allowed")


def test_an_address_is_believed_only_of_our_own_proxies(owner: Person, settings: Settings) -> None:
    program = make_program(owner, networks=["203.0.113.7"])
    assert program.get("/me", **{"X-Forwarded-For": "203.0.113.7"}).status == 403
    settings.TRUSTED_PROXIES = 1
    assert program.get("/me", **{"X-Forwarded-For": "203.0.113.7"}).status == 200
    assert program.get("/me", **{"X-Forwarded-For": "203.0.113.7, 198.51.100.1"}).status == 403


def test_it_is_known_when_and_from_where_a_key_was_last_used(program: Program) -> None:
    assert key_of(program).last_used_at is None
    program.get("/me").ok()
    first = key_of(program)
    assert first.last_used_from == "127.0.0.1"
    program.get("/me").ok()
    assert key_of(program).last_used_at == first.last_used_at


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", {"name": " "}),
        ("scopes", {"scopes": ["customers:read", "everything"]}),
        ("scopes", {"scopes": []}),
        ("networks", {"networks": ["somewhere"]}),
        ("expires_at", {"expires_at": NOW - timedelta(days=900)}),
    ],
)
def test_a_key_that_cannot_be_is_refused(owner: Person, field: str, wrong: dict[str, object]) -> None:
    wanted = {"name": "A program", "scopes": ["all"], **wrong}
    with pytest.raises(DomainError) as refused:
        create_key(**wanted, actor=owner.actor, now=NOW)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not ApiKey.objects.exists()


def test_only_who_may_change_settings_makes_keys(colleague: Person) -> None:
    with pytest.raises(Forbidden):
        create_key(name="Mine", scopes=["all"], actor=colleague.actor, now=NOW)


def test_another_partners_key_is_not_there(program: Program, stranger: Person) -> None:
    key_id: UUID = key_of(program).pk
    with pytest.raises(NotFound):
        revoke_key(key_id, actor=stranger.actor, now=NOW)


def test_more_requests_than_a_minute_has_are_told_to_wait(program: Program, settings: Settings) -> None:
    settings.API_KEY_REQUESTS_A_MINUTE = 3
    answers = [program.get("/me") for _ in range(5)]
    assert [answer.status for answer in answers if answer.status != 200][:1] in ([429], [])
    refused = next(answer for answer in answers if answer.status == 429)
    assert refused.code == "rate_limited"
    assert 1 <= int(refused.header("Retry-After")) <= WINDOW
    assert refused.header("RateLimit-Policy") == '"key";q=3;w=60'
    assert refused.header("RateLimit").startswith('"key";r=0;t=')


def test_all_keys_of_a_partner_share_its_limit(owner: Person, stranger_program: Program, settings: Settings) -> None:
    settings.API_PARTNER_REQUESTS_A_MINUTE = 2
    statuses = [make_program(owner).get("/me").status for _ in range(6)]
    assert 429 in statuses
    assert stranger_program.get("/me").status == 200


def test_guessing_keys_is_limited_by_address(settings: Settings, db: None) -> None:
    settings.API_STRANGER_REQUESTS_A_MINUTE = 2
    statuses = [Program(f"pp_live_{number}").get("/me").status for number in range(6)]
    assert statuses[0] == 401
    assert 429 in statuses


def test_an_answer_names_its_version(program: Program) -> None:
    assert program.get("/me").header("PartnerPanel-Version") == "2026-11-01"
    wrong = program.get("/me", **{"PartnerPanel-Version": "2020-01-01"})
    assert (wrong.status, wrong.code) == (400, "unknown_version")


def test_the_operator_makes_a_key_from_the_command_line(team: Team) -> None:
    out = StringIO()
    call_command("api_key", partner="eastwind", mode="test", scopes="all", stdout=out)
    secret = out.getvalue().strip()
    assert secret.startswith("pp_test_")
    assert Program(secret).get("/test_clock").ok()["object"] == "test_clock"
    with pytest.raises(CommandError, match="eastwind"):
        call_command("api_key", partner="nobody", stdout=out)
    with pytest.raises(CommandError, match="no scope"):
        call_command("api_key", partner="eastwind", scopes="everything", stdout=out)
