"""A partner with an endpoint, and what sends and looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from pytest_django import Settings

from notifications.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from notifications.webhooks.worker import SENDERS, drain_webhooks
from partnerpanel.actions.webhooks import create_endpoint
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.scope import tenant
from tests.people import Person
from tests.webhooks.receiver import Receiver, receiving
from tests.world import NOW, World


@dataclass
class Post:
    """Sends a partner's webhooks, as its worker would, and reads their rows."""

    partner_id: UUID

    def send(self) -> None:
        """What is due, and what falls due at once by it."""
        while drain_webhooks(self.partner_id, NOW):
            assert SENDERS.wait(seconds=30)

    def pass_time(self, wait: timedelta) -> None:
        """As if the system's clock had gone on for so long."""
        with tenant(self.partner_id):
            for row in WebhookDelivery.objects.for_partner(self.partner_id):
                row.due_at = row.due_at - wait if row.due_at else None
                row.leased_until = row.leased_until - wait if row.leased_until else None
                row.save()
            for one in WebhookEndpoint.objects.for_partner(self.partner_id):
                one.failing_since = one.failing_since - wait if one.failing_since else None
                one.warned_at = one.warned_at - wait if one.warned_at else None
                one.save()

    def deliveries(self) -> list[WebhookDelivery]:
        with tenant(self.partner_id):
            return list(WebhookDelivery.objects.for_partner(self.partner_id).order_by("id"))

    def attempts(self) -> list[WebhookAttempt]:
        with tenant(self.partner_id):
            return list(WebhookAttempt.objects.for_partner(self.partner_id).order_by("id"))

    def endpoint(self, endpoint_id: UUID) -> WebhookEndpoint:
        with tenant(self.partner_id):
            return WebhookEndpoint.objects.for_partner(self.partner_id).get(pk=endpoint_id)

    def wait_of(self, delivery: WebhookDelivery) -> float:
        """Seconds until it is due."""
        due_at: datetime | None = delivery.due_at
        assert due_at is not None
        return (due_at - system_now()).total_seconds()


@dataclass(frozen=True)
class Hook:
    """An endpoint, its secret, and the server behind it."""

    id: UUID
    secret: str
    receiver: Receiver


@pytest.fixture(autouse=True)
def loopback(settings: Settings, transactional_db: None) -> Iterator[None]:
    settings.WEBHOOKS_TO_LOOPBACK = True
    yield
    assert SENDERS.wait(seconds=30)


@pytest.fixture
def post(world: World) -> Post:
    return Post(world.id)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def hook(owner: Person, receiver: Receiver) -> Hook:
    """It hears of everything."""
    made = create_endpoint(url=receiver.url, actor=owner.actor)
    return Hook(made.id, made.secret, receiver)
