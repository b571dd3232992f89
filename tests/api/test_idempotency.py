"""The same request with the same key acts once: answered alike, also after a crash, and beside itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from partnerpanel.actions.customers import create_customer
from partnerpanel.idempotency.models import KeptRequest
from partnerpanel.idempotency.purge import REQUESTS
from partnerpanel.idempotency.services import Claimed, claim
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.scope import tenant
from tests.api.program import Answer, Program
from tests.threads import in_threads
from tests.world import World

NEW = {"name": "Ada Example", "email": "ada@example.com"}


class PowerCut(BaseException):
    """What a killed process leaves behind: nothing more is written."""


def kept(world: World) -> list[KeptRequest]:
    with tenant(world.id):
        return list(KeptRequest.objects.for_partner(world.id))


def customers(program: Program) -> int:
    return len(program.get("/customers?limit=100").ok()["data"])


def lose_holds(world: World) -> None:
    """Time passes, and whoever held a request is known to be gone."""
    with tenant(world.id):
        KeptRequest.objects.for_partner(world.id).update(held_until=system_now() - timedelta(seconds=1))


def cut(*_: object, **__: object) -> None:
    raise PowerCut


@contextmanager
def killed_before_it_answers() -> Iterator[None]:
    """The process is killed after it acted: it neither keeps its answer nor lets go."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("partnerpanel.api.views.keep_answer", cut)
        patch.setattr("partnerpanel.api.views.let_go", cut)
        with pytest.raises(PowerCut):
            yield


def test_the_same_request_is_answered_alike_and_acts_once(program: Program) -> None:
    first = program.post("/customers", NEW, key="one")
    again = program.post("/customers", NEW, key="one")
    assert first.ok(201) == again.ok(201)
    assert (first.header("Idempotent-Replayed"), again.header("Idempotent-Replayed")) == ("", "true")
    assert customers(program) == 1


def test_another_request_with_the_key_is_refused(program: Program) -> None:
    program.post("/customers", NEW, key="one").ok(201)
    answer = program.post("/customers", {**NEW, "name": "Bob"}, key="one")
    assert (answer.status, answer.code) == (422, "idempotency_key_reused")
    elsewhere = program.post("/products", {"name": "Hosting"}, key="one")
    assert (elsewhere.status, elsewhere.code) == (422, "idempotency_key_reused")


def test_a_refusal_is_kept_too(program: Program) -> None:
    first = program.post("/customers", {**NEW, "country": "XYZ"}, key="one")
    again = program.post("/customers", {**NEW, "country": "XYZ"}, key="one")
    assert first.status == again.status == 422
    assert again.header("Idempotent-Replayed") == "true"


def test_what_moves_money_wants_a_key(program: Program) -> None:
    answer = program.post("/subscriptions", {"customer": "cus_x", "plan": "plan_x"}, key=None)
    assert (answer.status, answer.code) == (400, "idempotency_key_required")


def test_a_failure_of_ours_is_not_kept(program: Program, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("partnerpanel.api.collections.customers.create_customer", lambda *_, **__: 1 / 0)
        broken = program.post("/customers", NEW, key="one")
    assert (broken.status, broken.code) == (500, "internal_error")
    assert kept(world) == []
    program.post("/customers", NEW, key="one").ok(201)


@pytest.mark.django_db(transaction=True)
def test_killed_after_it_acted_it_does_not_act_again(program: Program, world: World) -> None:
    with killed_before_it_answers():
        program.post("/customers", NEW, key="one")
    under_way = program.post("/customers", NEW, key="one")
    assert (under_way.status, under_way.code, under_way.header("Retry-After")) == (409, "request_in_progress", "2")
    lose_holds(world)
    answer = program.post("/customers", NEW, key="one")
    assert answer.ok(201)["email"] == "ada@example.com"
    assert answer.header("Idempotent-Replayed") == "true"
    assert customers(program) == 1


@pytest.mark.django_db(transaction=True)
def test_killed_after_a_verb_it_answers_with_what_is_there(program: Program, world: World) -> None:
    id_ = program.post("/customers", NEW).ok(201)["id"]
    with killed_before_it_answers():
        program.post(f"/customers/{id_}/tags", {"add": ["vip"]}, key="tag")
    lose_holds(world)
    assert program.post(f"/customers/{id_}/tags", {"add": ["vip"]}, key="tag").ok()["tags"] == ["vip"]
    tagged = [one for one in program.get(f"/events?customer={id_}").ok()["data"] if "tag" in one["type"]]
    assert len(tagged) == 1


@pytest.mark.django_db(transaction=True)
def test_killed_before_it_acted_it_runs_again(program: Program, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("partnerpanel.api.collections.customers.create_customer", cut)
        patch.setattr("partnerpanel.api.views.let_go", cut)
        with pytest.raises(PowerCut):
            program.post("/customers", NEW, key="one")
    lose_holds(world)
    program.post("/customers", NEW, key="one").ok(201)
    assert customers(program) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_runs_and_the_others_are_told_to_wait(program: Program, world: World) -> None:
    def send() -> Answer:
        return Program(program.secret).post("/customers", NEW, key="one")

    answers = in_threads(*[send] * 6)
    statuses = sorted(answer.status for answer in answers)
    assert set(statuses) <= {201, 409}
    assert statuses[0] == 201
    assert customers(program) == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_was_taken_over_writes_nothing(program: Program, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*args: object, **kwargs: object) -> object:
        lose_holds(world)
        row = kept(world)[0]
        taken = claim(world.id, row.key, fingerprint=row.fingerprint, at=system_now())
        assert isinstance(taken, Claimed)
        return create_customer(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr("partnerpanel.api.collections.customers.create_customer", slow)
    answer = program.post("/customers", NEW, key="one")
    assert (answer.status, answer.code) == (409, "request_taken_over")
    assert customers(program) == 0


def test_keys_of_two_partners_have_nothing_to_do_with_each_other(program: Program, stranger_program: Program) -> None:
    own = program.post("/customers", NEW, key="one").ok(201)
    other = stranger_program.post("/customers", NEW, key="one").ok(201)
    assert own["id"] != other["id"]


def test_old_requests_are_forgotten(program: Program, world: World) -> None:
    program.post("/customers", NEW, key="one").ok(201)
    soon = system_now() + REQUESTS.kept_for - timedelta(minutes=1)
    assert REQUESTS.batch(world.id, now=soon) == 0
    assert REQUESTS.batch(world.id, now=soon + timedelta(minutes=2)) == 1
    assert kept(world) == []
