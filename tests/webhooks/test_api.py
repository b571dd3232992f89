"""Webhook endpoints and deliveries over the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications.webhooks import endpoints, replaying
from tests.api.program import Program, make_program
from tests.people import Person
from tests.webhooks.conftest import Post
from tests.webhooks.receiver import Receiver
from tests.world import World

AT = "/webhook_endpoints"


@pytest.fixture
def program(owner: Person) -> Program:
    return make_program(owner)


@pytest.fixture
def stranger_program(stranger: Person) -> Program:
    return make_program(stranger)


def made(program: Program, receiver: Receiver, **more: Any) -> Any:
    return program.post(AT, {"url": receiver.url, **more}).ok(201)


def happen(world: World, post: Post, many: int = 1) -> None:
    world.customers(many)
    world.drain("outbox")
    post.send()


def test_an_endpoint_is_made_read_changed_and_removed(program: Program, receiver: Receiver) -> None:
    new = made(program, receiver, description="books", events=["invoice.paid"])
    assert new["secret"].startswith("whsec_")
    assert new["secrets"] == [{"last4": new["secret"][-4:], "ends_at": None}]
    at = f"{AT}/{new['id']}"
    read = program.get(at).ok()
    assert "secret" not in read
    assert (read["url"], read["events"], read["status"]) == (receiver.url, ["invoice.paid"], "enabled")
    changed = program.patch(at, {"enabled": False, "events": [], "description": ""}).ok()
    assert (changed["status"], changed["disabled_reason"], changed["events"]) == ("disabled", "by_hand", [])
    assert [one["id"] for one in program.get(f"{AT}?status=disabled").ok()["data"]] == [new["id"]]
    assert program.get(f"{AT}?status=enabled").ok()["data"] == []
    assert program.patch(at, {"enabled": True}).ok()["disabled_reason"] is None
    assert program.send("DELETE", at).status == 204
    assert program.get(at).status == 404
    assert program.get(AT).ok()["data"] == []


def test_the_secret_is_shown_once_even_to_who_asks_twice(program: Program, receiver: Receiver) -> None:
    first = program.post(AT, {"url": receiver.url}, key="the-same").ok(201)
    again = program.post(AT, {"url": receiver.url}, key="the-same").ok(201)
    assert (again["id"], again["secret"]) == (first["id"], None)
    assert len(program.get(AT).ok()["data"]) == 1
    at = f"{AT}/{first['id']}/rotate_secret"
    newer = program.post(at, {}, key="once").ok()
    assert newer["secret"] != first["secret"]
    assert program.post(at, {}, key="once").ok()["secret"] is None
    assert len(program.get(f"{AT}/{first['id']}").ok()["secrets"]) == 2


def test_two_secrets_are_live_at_most(program: Program, receiver: Receiver) -> None:
    at = f"{AT}/{made(program, receiver)['id']}"
    for _ in range(3):
        newest = program.post(f"{at}/rotate_secret", {"overlap_hours": 1}).ok()
    assert newest["secrets"][0]["last4"] == newest["secret"][-4:]
    assert len(newest["secrets"]) == 2
    assert len(program.post(f"{at}/rotate_secret", {"overlap_hours": 0}).ok()["secrets"]) == 1
    assert program.post(f"{at}/rotate_secret", {"overlap_hours": 25}).fields == {"overlap_hours"}


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "invalid_request", "url"),
        ({"url": "https://10.0.0.1/"}, "unsafe_address", "url"),
        ({"url": "http://example.com/"}, "unsafe_address", "url"),
        ({"url": "https://example.com/", "events": ["thing.made"]}, "invalid_request", "events.0"),
        ({"url": "https://example.com/", "secret": "mine"}, "invalid_request", "secret"),
        ({"url": 7}, "invalid_request", "url"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_made(
    body: dict[str, Any], code: str, field: str, program: Program
) -> None:
    answer = program.post(AT, body)
    assert (answer.status, answer.code, answer.fields) == (422, code, {field})
    assert program.get(AT).ok()["data"] == []


def test_there_are_only_so_many_endpoints(
    program: Program, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "MOST_ENDPOINTS", 2)
    made(program, receiver)
    made(program, receiver)
    assert program.post(AT, {"url": receiver.url}).code == "too_many_endpoints"


def test_deliveries_are_listed_and_one_shows_its_attempts(
    program: Program, receiver: Receiver, world: World, post: Post
) -> None:
    receiver.says(500)
    new = made(program, receiver)
    happen(world, post)
    [sent] = program.get(f"/webhook_deliveries?endpoint={new['id']}&type=customer.created").ok()["data"]
    assert (sent["state"], sent["tries"], sent["last_status"]) == ("pending", 1, 500)
    assert program.get("/webhook_deliveries?state=succeeded").ok()["data"] == []
    one = program.get(f"/webhook_deliveries/{sent['id']}?expand=endpoint").ok()
    assert one["endpoint"]["url"] == receiver.url
    [attempt] = one["attempts"]
    assert attempt["request_headers"]["webhook-id"] == sent["id"]
    assert (attempt["status"], attempt["response_body"], attempt["error"]) == (500, "so be it", "")


def test_a_test_event_is_sent_once_and_says_that_it_is_one(program: Program, receiver: Receiver, post: Post) -> None:
    receiver.says(500)
    new = made(program, receiver, events=["invoice.paid"])
    sent = program.post(f"{AT}/{new['id']}/test", {}, key="ping").ok(201)
    assert program.post(f"{AT}/{new['id']}/test", {}, key="ping").ok(201)["id"] == sent["id"]
    post.send()
    told = receiver.last.verified(new["secret"])
    assert (told["type"], told["data"]["event"], told["data"]["object"]["id"]) == ("webhook.test", None, new["id"])
    assert program.get(f"/webhook_deliveries/{sent['id']}").ok()["state"] == "failed"
    assert program.get(f"{AT}/{new['id']}").ok()["failing_since"] is None


def test_one_message_is_replayed_with_its_id(program: Program, receiver: Receiver, world: World, post: Post) -> None:
    made(program, receiver)
    happen(world, post)
    first = receiver.last
    assert program.post(f"/webhook_deliveries/{first.id}/replay", {}).ok()["state"] == "pending"
    post.send()
    assert [request.id for request in receiver.requests] == [first.id, first.id]


def test_a_span_is_replayed_with_what_was_missed_while_the_endpoint_was_off(
    program: Program, receiver: Receiver, world: World, post: Post
) -> None:
    new = made(program, receiver, events=["customer.created"])
    at = f"{AT}/{new['id']}"
    happen(world, post)
    program.patch(at, {"enabled": False}).ok()
    happen(world, post, many=3)
    assert len(receiver.requests) == 1
    span = {"since": _iso(-60), "until": _iso(60)}
    refused = program.post(f"{at}/replay", span)
    assert (refused.status, refused.code) == (409, "endpoint_disabled")
    program.patch(at, {"enabled": True}).ok()
    assert program.post(f"{at}/replay", span, key="again").ok()["messages"] == 3
    assert program.post(f"{at}/replay", span, key="again").ok()["messages"] == 3
    post.send()
    assert len(receiver.requests) == 4
    assert program.post(f"{at}/replay", span).ok()["messages"] == 0
    assert program.post(f"{at}/replay", {**span, "arrived_too": True}).ok()["messages"] == 4
    assert program.post(f"{at}/replay", {"since": _iso(-120), "until": _iso(-60)}).ok()["messages"] == 0


def test_a_span_is_checked(program: Program, receiver: Receiver, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at = f"{AT}/{made(program, receiver)['id']}/replay"
    assert program.post(at, {"since": _iso(0), "until": _iso(-1)}).code == "invalid_span"
    assert program.post(at, {"since": "yesterday", "until": _iso(0)}).fields == {"since"}
    monkeypatch.setattr(replaying, "MOST_AT_ONCE", 1)
    world.customers(2)
    assert program.post(at, {"since": _iso(-60), "until": _iso(60)}).code == "too_many_to_replay"


def test_another_partners_endpoints_and_deliveries_are_not_there(
    program: Program, stranger_program: Program, receiver: Receiver, world: World, post: Post
) -> None:
    new = made(program, receiver)
    happen(world, post)
    at, sent = f"{AT}/{new['id']}", f"/webhook_deliveries/{receiver.last.id}"
    span = {"since": _iso(-60), "until": _iso(60)}
    answers = [
        stranger_program.get(at),
        stranger_program.patch(at, {"enabled": False}),
        stranger_program.send("DELETE", at),
        stranger_program.post(f"{at}/test", {}),
        stranger_program.post(f"{at}/rotate_secret", {}),
        stranger_program.post(f"{at}/replay", span),
        stranger_program.get(sent),
        stranger_program.post(f"{sent}/replay", {}),
    ]
    assert {answer.status for answer in answers} == {404}
    assert stranger_program.get(AT).ok()["data"] == []
    assert stranger_program.get("/webhook_deliveries").ok()["data"] == []
    assert program.get(at).ok()["status"] == "enabled"


def test_reading_is_not_writing(owner: Person, program: Program, receiver: Receiver, world: World, post: Post) -> None:
    new = made(program, receiver)
    happen(world, post)
    reader = make_program(owner, scopes=["webhook_endpoints:read", "webhook_deliveries:read"])
    at = f"{AT}/{new['id']}"
    assert reader.get(at).status == reader.get("/webhook_deliveries").status == 200
    for answer in (
        reader.post(AT, {"url": receiver.url}),
        reader.patch(at, {"enabled": False}),
        reader.send("DELETE", at),
        reader.post(f"{at}/test", {}),
        reader.post(f"{at}/rotate_secret", {}),
        reader.post(f"/webhook_deliveries/{receiver.last.id}/replay", {}),
        make_program(owner, scopes=["customers:read"]).get(AT),
    ):
        assert (answer.status, answer.code) == (403, "missing_scope")


def _iso(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
