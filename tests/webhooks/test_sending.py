"""What a receiver gets, when it gets it again, and what becomes of one that does not answer well."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from standardwebhooks import WebhookVerificationError

from notifications.webhooks import bodies, posting, settling, worker
from notifications.webhooks.consumer import CONSUMER
from notifications.webhooks.endpoints import EndpointChange
from notifications.webhooks.purge import ATTEMPTS
from notifications.webhooks.rules.schedule import WAITS
from notifications.webhooks.rules.states import DeliveryState
from partnerpanel.actions import webhooks
from partnerpanel.events.models import Event
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from tests.people import Person, Team
from tests.webhooks.conftest import Hook, Post
from tests.webhooks.receiver import receiving
from tests.world import NOW, World


def happen(world: World, post: Post) -> UUID:
    """A customer is created, which is told."""
    customer = world.customer("Zoë Müller")
    world.drain("outbox")
    post.send()
    return customer


def states(post: Post) -> list[str]:
    return [row.state for row in post.deliveries()]


def test_a_receiver_verifies_with_the_official_library_what_it_is_told(world: World, hook: Hook, post: Post) -> None:
    customer = happen(world, post)
    [request] = hook.receiver.requests
    told = request.verified(hook.secret)
    with tenant(world.id):
        event = Event.objects.for_partner(world.id).get(object_id=customer)
    assert set(told) == {"type", "timestamp", "data"}
    assert (told["type"], told["timestamp"]) == ("customer.created", "2026-03-15T11:00:00Z")
    assert told["data"]["object"]["id"] == public("cus", customer)
    assert told["data"]["object"]["name"] == "Zoë Müller"
    assert (told["data"]["event"], told["data"]["sequence"]) == (public("evt", event.pk), 1)
    assert told["data"]["mode"] == "live"
    [delivery] = post.deliveries()
    assert request.id == public("whd", delivery.pk)
    assert (delivery.state, delivery.last_status) == (DeliveryState.SUCCEEDED, 204)


def test_what_was_altered_or_signed_with_another_secret_is_not_taken(world: World, hook: Hook, post: Post) -> None:
    happen(world, post)
    request = hook.receiver.last
    with pytest.raises(WebhookVerificationError):
        request.verified("whsec_" + "A" * 43 + "=")
    with pytest.raises(WebhookVerificationError):
        type(request)(request.headers, request.body + b" ", request.path).verified(hook.secret)


def test_the_log_keeps_the_request_and_the_beginning_of_the_answer(world: World, hook: Hook, post: Post) -> None:
    hook.receiver.answers = [(200, {"X-Trace": "7"}, "ä\x00".encode() + b"x" * 5000)]
    happen(world, post)
    [attempt] = post.attempts()
    assert json.loads(attempt.request_body) == hook.receiver.last.verified(hook.secret)
    assert attempt.request_headers["webhook-id"] == hook.receiver.last.id
    assert (attempt.status, attempt.answer_headers["X-Trace"]) == (200, "7")
    assert attempt.answer.startswith("ä")
    assert len(attempt.answer.encode()) <= 2052
    assert hook.secret not in repr(vars(attempt))


def test_an_endpoint_hears_only_of_the_kinds_that_it_wants(world: World, hook: Hook, owner: Person, post: Post) -> None:
    webhooks.change_endpoint(hook.id, EndpointChange(kinds=["subscription.created"]), actor=owner.actor)
    world.subscription()
    world.drain("outbox")
    post.send()
    assert {request.verified(hook.secret)["type"] for request in hook.receiver.requests} == {"subscription.created"}


def test_an_event_that_is_handed_over_twice_is_one_message(world: World, hook: Hook, post: Post) -> None:
    happen(world, post)
    with tenant(world.id):
        CONSUMER.handle(list(Event.objects.for_partner(world.id).filter(kind="customer.created")), NOW)
    post.send()
    assert len(hook.receiver.requests) == len(post.deliveries()) == 1


def test_nothing_is_planned_for_a_partner_without_endpoints(world: World, post: Post) -> None:
    happen(world, post)
    assert post.deliveries() == []


def test_failures_are_tried_again_by_the_calendar_with_the_same_id_and_then_given_up(
    world: World, hook: Hook, post: Post
) -> None:
    hook.receiver.says(500)
    happen(world, post)
    for number, wait in enumerate(WAITS, start=1):
        [delivery] = post.deliveries()
        assert (delivery.state, delivery.attempts) == (DeliveryState.PENDING, number)
        assert wait.total_seconds() - 5 <= post.wait_of(delivery) <= wait.total_seconds() * 1.1
        post.pass_time(wait * 1.11)
        post.send()
    assert states(post) == [DeliveryState.FAILED]
    assert len(hook.receiver.requests) == 10
    assert len({request.id for request in hook.receiver.requests}) == 1
    hook.receiver.last.verified(hook.secret)


def test_a_later_success_ends_it(world: World, hook: Hook, post: Post) -> None:
    hook.receiver.says(503, 200)
    happen(world, post)
    assert post.endpoint(hook.id).failing_since is not None
    post.pass_time(timedelta(seconds=6))
    post.send()
    assert states(post) == [DeliveryState.SUCCEEDED]
    assert post.endpoint(hook.id).failing_since is None


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 429, 500])
def test_only_2xx_counts_and_no_redirect_is_followed(status: int, world: World, hook: Hook, post: Post) -> None:
    hook.receiver.says(status, Location=hook.receiver.url + "/elsewhere")
    happen(world, post)
    assert states(post) == [DeliveryState.PENDING]
    assert [request.path for request in hook.receiver.requests] == ["/hook"]


@pytest.mark.parametrize("status", [429, 503])
def test_a_receiver_that_asks_for_time_gets_it(status: int, world: World, hook: Hook, post: Post) -> None:
    hook.receiver.says(status, Retry_After="600")
    happen(world, post)
    assert 595 <= post.wait_of(post.deliveries()[0]) <= 602


def test_410_switches_off_at_once_and_says_so(
    world: World, hook: Hook, post: Post, team: Team, mailoutbox: list[Any]
) -> None:
    hook.receiver.says(410)
    world.customers(3)
    world.drain("outbox")
    post.send()
    endpoint = post.endpoint(hook.id)
    assert (endpoint.disabled_reason, endpoint.disabled_at is not None) == ("gone", True)
    assert DeliveryState.PENDING not in states(post)
    happen(world, post)
    assert len(post.deliveries()) == 3
    managers = [team[role].user.email for role in (Role.ADMIN, Role.OWNER)]
    assert [mail.to for mail in mailoutbox] == [[address] for address in sorted(managers)]


def test_five_days_of_nothing_but_failures_are_warned_about_and_then_switch_off(
    world: World, hook: Hook, post: Post, mailoutbox: list[Any]
) -> None:
    hook.receiver.says(500)
    happen(world, post)
    post.pass_time(timedelta(days=3, hours=23))
    happen(world, post)
    assert mailoutbox == []
    post.pass_time(timedelta(hours=2))
    happen(world, post)
    assert len(mailoutbox) == 2
    assert "fails" in mailoutbox[0].subject
    post.pass_time(timedelta(hours=23, minutes=59))
    happen(world, post)
    assert post.endpoint(hook.id).disabled_at is None
    post.pass_time(timedelta(minutes=2))
    happen(world, post)
    assert post.endpoint(hook.id).disabled_reason == "failing"
    assert DeliveryState.PENDING not in states(post)
    assert "switched off" in mailoutbox[-1].subject
    assert len(mailoutbox) == 4


def test_an_endpoint_that_was_silent_for_long_is_warned_before_it_is_switched_off(
    world: World, hook: Hook, post: Post, mailoutbox: list[Any]
) -> None:
    hook.receiver.says(500)
    happen(world, post)
    post.pass_time(timedelta(days=30))
    happen(world, post)
    assert post.endpoint(hook.id).disabled_at is None
    assert len(mailoutbox) == 2


def test_a_receiver_that_takes_too_long_has_failed(
    world: World, hook: Hook, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting.post, "__kwdefaults__", {"seconds": 0.3})
    hook.receiver.delay = 0.6
    happen(world, post)
    [attempt] = post.attempts()
    assert "within" in attempt.error
    assert states(post) == [DeliveryState.PENDING]


def test_an_answer_that_drips_ends_with_the_whole_time_and_not_after_each_byte(
    world: World, hook: Hook, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drip(handler: Any) -> None:
        for _ in range(20):
            handler.wfile.write(b"H")
            handler.wfile.flush()
            time.sleep(0.1)

    monkeypatch.setattr(posting.post, "__kwdefaults__", {"seconds": 0.4})
    hook.receiver.before_answer = drip
    happen(world, post)
    [attempt] = post.attempts()
    assert attempt.status is None
    assert attempt.milliseconds < 1000


def test_nobody_there_is_a_failure_with_a_reason(world: World, owner: Person, post: Post) -> None:
    with receiving() as gone:
        url = gone.url
    webhooks.create_endpoint(url=url, actor=owner.actor)
    happen(world, post)
    assert post.attempts()[0].error == "No connection: Connection refused"


def test_killed_between_sending_and_settling_it_is_sent_again_with_its_id(
    world: World, hook: Hook, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(worker, "settle", lambda _: None)
        happen(world, post)
    assert states(post) == [DeliveryState.PENDING]
    post.send()
    assert len(hook.receiver.requests) == 1, "leased: nobody takes it meanwhile"
    post.pass_time(timedelta(seconds=121))
    post.send()
    assert len(hook.receiver.requests) == 2
    assert len({request.id for request in hook.receiver.requests}) == 1
    assert states(post) == [DeliveryState.SUCCEEDED]


def test_an_answer_that_comes_late_leaves_a_replay_alone(
    world: World, hook: Hook, post: Post, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    late: list[Any] = []
    with monkeypatch.context() as slow:
        slow.setattr(worker, "settle", late.append)
        happen(world, post)
    webhooks.replay(post.deliveries()[0].pk, actor=owner.actor)
    settling.settle(late[0])
    [delivery] = [row for row in post.deliveries() if row.kind == "customer.created"]
    assert delivery.state == DeliveryState.PENDING
    post.send()
    assert DeliveryState.PENDING not in states(post)


def test_both_live_secrets_sign_and_the_old_one_ends(world: World, hook: Hook, post: Post, owner: Person) -> None:
    newer = webhooks.rotate_secret(hook.id, overlap=timedelta(hours=1), actor=owner.actor)
    happen(world, post)
    request = hook.receiver.last
    assert len(request.headers["webhook-signature"].split(" ")) == 2
    assert request.verified(hook.secret) == request.verified(newer)
    newest = webhooks.rotate_secret(hook.id, overlap=timedelta(0), actor=owner.actor)
    happen(world, post)
    assert len(hook.receiver.last.headers["webhook-signature"].split(" ")) == 1
    hook.receiver.last.verified(newest)
    with pytest.raises(WebhookVerificationError):
        hook.receiver.last.verified(newer)


def test_the_endpoints_of_another_partner_hear_nothing(world: World, hook: Hook, stranger: Person, post: Post) -> None:
    with receiving() as theirs:
        webhooks.create_endpoint(url=theirs.url, actor=stranger.actor)
        happen(world, post)
        Post(stranger.partner.pk).send()
        assert len(hook.receiver.requests) == 1
        kinds = [json.loads(request.body)["type"] for request in theirs.requests]
        assert "customer.created" not in kinds


def test_a_message_that_cannot_be_written_takes_no_other_down(
    world: World, hook: Hook, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_for_customers(object_type: str, *args: Any, **kwargs: Any) -> Any:
        if object_type == "customer":
            raise ValueError("broken")
        return written(object_type, *args, **kwargs)

    written = bodies._written
    monkeypatch.setattr(bodies, "_written", break_for_customers)
    world.subscription()
    world.drain("outbox")
    post.send()
    assert hook.receiver.requests
    broken = [row for row in post.deliveries() if row.object_type == "customer"]
    assert {row.last_error for row in broken} == {"The message could not be written."}
    assert post.endpoint(hook.id).failing_since is None


def test_old_attempts_are_forgotten_and_their_messages_stay(world: World, hook: Hook, post: Post) -> None:
    happen(world, post)
    assert ATTEMPTS.batch(world.id, now=system_now() + ATTEMPTS.kept_for - timedelta(minutes=1)) == 0
    assert ATTEMPTS.batch(world.id, now=system_now() + ATTEMPTS.kept_for + timedelta(minutes=1)) == 1
    assert post.attempts() == []
    assert len(post.deliveries()) == 1
