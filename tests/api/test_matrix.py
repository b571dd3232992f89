"""Every operation of the API for no key, too small a key, another partner's key, ids of nobody, and unknown fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import uuid4

import pytest
from pytest_django import DjangoDbBlocker

from partnerpanel.actions.scopes import SCOPES
from partnerpanel.kernel.ids import public, uuid7
from partnerpanel.story.models import ClockRun
from partnerpanel.tenancy.models import Membership, Role
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.resources import registered, resource
from tests.api.described import Described, answer_problems, operations
from tests.api.program import Answer, Program, make_program
from tests.kept import kept, two_full_worlds
from tests.people import Person
from tests.world import World

OPERATIONS = list(operations())


@dataclass(frozen=True)
class Two:
    """Two partners with a row in every table each, and a key of each."""

    world: World
    owner: Person
    program: Program
    stranger: Program

    ids: Mapping[str, str]
    move: str

    def own_id(self, one: Described) -> str:
        """An object of ours that the address may name."""
        name = one.path.split("/")[3]
        if name == "exports":
            return "customers"
        if name == "test_clock":
            return self.move
        return self.ids["customers" if name == "policies" else name]


@pytest.fixture(scope="module")
def two(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Two]:
    with kept(django_db_blocker):
        world, other = two_full_worlds()
        owner, stranger = (owner_of(one) for one in (world, other))
        program = make_program(owner)
        ids = {one.name: newest_id(program, one.name) for one in registered()}
        with tenant(world.id):
            move = public("adv", ClockRun.objects.for_partner(world.id).get().pk)
        yield Two(world, owner, program, make_program(stranger), ids, move)


def newest_id(program: Program, name: str) -> str:
    rows = program.get(f"/{name}?limit=1").ok()["data"]
    assert rows, f"make one of the {name} in tests/tenancy/rows.py"
    return str(rows[0]["id"])


def owner_of(world: World) -> Person:
    member = Membership.objects.select_related("user").get(partner=world.partner, role=Role.OWNER)
    return Person(member.user, world.partner, Role.OWNER)


def is_file(one: Described) -> bool:
    return "application/json" not in one.said["responses"]["200"].get("content", {})


def named(one: Described) -> str:
    return one.name


scoped = pytest.mark.parametrize("one", [one for one in OPERATIONS if one.scope], ids=named)
# What can be had as a file is named by a word, which is nobody's.
on_objects = pytest.mark.parametrize(
    "one", [one for one in OPERATIONS if one.is_on_object and "{name}" not in one.path], ids=named
)
with_bodies = pytest.mark.parametrize("one", [one for one in OPERATIONS if one.body is not None], ids=named)
reads = pytest.mark.parametrize(
    "one",
    [one for one in OPERATIONS if one.method == "GET" and not is_file(one) and one.path != "/api/v1/test_clock"],
    ids=named,
)


def test_without_a_key_nobody_gets_in(db: None) -> None:
    for one in OPERATIONS:
        answer = Program("pp_live_nothing").send(one.method, one.at("cus_x"), one.body)
        assert (answer.status, answer.code) == (401, "invalid_key"), one.name


def test_only_whose_key_it_is_needs_no_scope() -> None:
    assert [one.name for one in OPERATIONS if not one.scope] == ["retrieve_me"]


@scoped
def test_a_key_without_the_scope_gets_nothing(two: Two, one: Described, db: None) -> None:
    other = next(scope for scope in sorted(SCOPES) if scope != one.scope)
    answer = ask(make_program(two.owner, scopes=[other]), one, two.own_id(one) if one.is_on_object else "")
    assert (answer.status, answer.code) == (403, "missing_scope")
    assert one.scope in answer["detail"]


@on_objects
def test_another_partners_object_is_as_one_that_never_existed(two: Two, one: Described, db: None) -> None:
    own = two.own_id(one)
    never = public(own.partition("_")[0], uuid7())
    answers = [ask(two.stranger, one, own), ask(two.stranger, one, never)]
    assert [answer.status for answer in answers] == [404, 404], answers[0].response.content
    bodies = [{**answer.body, "request_id": ""} for answer in answers]
    assert bodies[0] == bodies[1]


@with_bodies
def test_an_unknown_field_is_refused_by_its_name(two: Two, one: Described, db: None) -> None:
    answer = ask(two.program, one, two.own_id(one) if one.is_on_object else "", {**one.body, "colour": "red"})
    assert (answer.status, answer.code, answer.fields) == (422, "invalid_request", {"colour"})
    assert "colour" in answer["detail"]


@with_bodies
def test_a_body_that_is_no_object_is_refused(two: Two, one: Described, db: None) -> None:
    for body in (b"[1]", b"{", b"NaN", b'{"a": 1, "a": 2}', b"\xff"):
        answer = ask(two.program, one, two.own_id(one) if one.is_on_object else "", body)
        assert (answer.status, answer.code) == (400, "malformed_body"), body


@reads
def test_what_is_answered_is_what_is_described(two: Two, one: Described, db: None) -> None:
    answer = ask(two.program, one, two.own_id(one) if one.is_on_object else "")
    assert answer_problems(one, 200, answer.ok()) == []


@pytest.mark.parametrize("name", sorted(one.name for one in registered()))
def test_every_ref_of_a_list_can_be_expanded(two: Two, name: str, db: None) -> None:
    one = resource(name)
    rows = two.program.get(f"/{name}?expand={','.join(one.refs)}&limit=5").ok()["data"]
    assert rows, "there is nothing in this list to look at"
    for name_, other in one.refs.items():
        shown = [row[name_] for row in rows if row[name_] is not None]
        assert all(value["object"] == resource(other).kind for value in shown), name_


@pytest.mark.parametrize("name", sorted(one.name for one in registered()))
def test_a_list_knows_its_parameters_and_no_others(two: Two, name: str, db: None) -> None:
    for status, wrong in (
        (400, "colour=red"),
        (400, "limit=0"),
        (400, "limit=101"),
        (400, "limit=x"),
        (400, "expand=colour"),
        (422, "cursor=damaged"),
    ):
        answer = two.program.get(f"/{name}?{wrong}")
        assert (answer.status, answer.fields) == (status, {wrong.partition("=")[0]})


def ask(program: Program, one: Described, id_: str, body: object = None) -> Answer:
    headers = {"Idempotency-Key": str(uuid4())} if one.method != "GET" else {}
    return program.send(one.method, one.at(id_), one.body if body is None else body, **headers)
