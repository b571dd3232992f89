"""A line of the log says for whom: the request, the partner, who acts; and the task that a request woke says it too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import structlog
from celery import current_app
from django.test import Client
from django_structlog.celery.receivers import CeleryReceiver
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars
from structlog.testing import LogCapture

from partnerpanel.events.models import Event
from partnerpanel.kernel.ids import public
from partnerpanel.queues import tasks, wake
from partnerpanel.tenancy.scope import tenant
from tests.people import Person
from tests.world import World


@pytest.fixture
def lines() -> Iterator[list[Any]]:
    """Every line with the context that it was written in."""
    before, capture = structlog.get_config(), LogCapture()
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, capture], cache_logger_on_first_use=False)
    clear_contextvars()
    yield capture.entries
    structlog.configure(**before)
    clear_contextvars()


def test_a_request_says_for_whom_and_its_event_bears_its_id(world: World, owner: Person, lines: list[Any]) -> None:
    customer = world.customer()
    address = f"/panel/{world.partner.slug}/customers/{public('cus', customer)}/notes/"
    owner.client().post(address, {"text": "Called."})
    [finished] = [line for line in lines if line["event"] == "request_finished"]
    assert finished["partner_id"] == str(world.id)
    assert finished["actor"] == "user"
    with tenant(world.id):
        event = Event.objects.for_partner(world.id).latest("pk")
    assert event.request_id == finished["request_id"] != ""
    assert str(UUID(event.request_id)) == event.request_id


def test_a_page_for_nobody_names_no_partner(db: None, lines: list[Any]) -> None:
    Client().get("/accounts/login/")
    [finished] = [line for line in lines if line["event"] == "request_finished"]
    assert "partner_id" not in finished
    assert finished["request_id"]


def test_a_woken_task_is_told_of_the_request_and_of_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: dict[str, Any] = {}
    receiver = CeleryReceiver()

    def send_task(name: str, **options: Any) -> None:
        headers: dict[str, Any] = {}
        receiver.receiver_before_task_publish(headers=headers, properties={}, routing_key="money")
        sent.update(headers["__django_structlog__"])

    monkeypatch.setattr(current_app, "send_task", send_task)
    bind_contextvars(request_id="r-1", user_id="u-1", ip="192.0.2.1", partner_id=str(world.id), actor="user")
    wake.publish("outbox", world.id)
    clear_contextvars()
    assert sent == {"request_id": "r-1"}


def test_lines_of_a_task_bear_its_queue_its_partner_and_who_woke_it(world: World) -> None:
    receiver = CeleryReceiver()
    found: list[dict[str, Any]] = []
    task: Any = tasks.drain
    task.push_request(
        id="t-1",
        kwargs={"queue": "outbox", "partner_id": str(world.id)},
        __django_structlog__={"request_id": "r-1"},
    )
    try:
        receiver.receiver_task_prerun(task_id="t-1", task=task)
        found.append(get_contextvars())
    finally:
        task.pop_request()
        clear_contextvars()
    assert found == [
        {
            "task_id": "t-1",
            "request_id": "r-1",
            "actor": "system",
            "task": "partnerpanel.queues.tasks.drain",
            "queue": "outbox",
            "partner_id": str(world.id),
        }
    ]
