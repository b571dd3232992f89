"""Settings › Webhooks: an owner adds an endpoint, sees its secret once, tests, reads the log and sends again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from notifications.webhooks.queries import endpoints_of
from notifications.webhooks.rules.topics import TOPICS
from notifications.webhooks.worker import SENDERS, drain_webhooks
from partnerpanel.kernel.ids import public
from partnerpanel.panel.webhook_words import ABOUT
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from tests.panel.scriptless import text
from tests.people import Person, Team
from tests.webhooks.receiver import Receiver, receiving
from tests.world import NOW, World


@pytest.fixture
def receiver(settings: Settings, transactional_db: None) -> Iterator[Receiver]:
    settings.WEBHOOKS_TO_LOOPBACK = True
    with receiving() as found:
        yield found
        assert SENDERS.wait(seconds=30)


def at(world: World, rest: str = "") -> str:
    return f"/panel/{world.partner.slug}/settings/webhooks/{rest}"


def does(client: Client, world: World, popup: str, **data: str) -> str:
    """Opens the popup as somebody without a script does, and confirms; what is said then."""
    assert client.get(at(world, popup)).status_code == 200
    return text(client.post(at(world, popup), data, follow=True))


def send(world: World) -> None:
    world.drain("outbox")
    while drain_webhooks(world.id, NOW):
        assert SENDERS.wait(seconds=30)


def added(client: Client, world: World, receiver: Receiver, **data: Any) -> tuple[str, str]:
    """The endpoint's id and its secret, as the page shows them."""
    answer = client.post(at(world, "new/"), {"url": receiver.url, "hears": "every", **data})
    secret = answer.content.decode().partition('id="secret-once-value">')[2].partition("<")[0]
    with tenant(world.id):
        return public("whe", endpoints_of(world.id)[-1].pk), secret


def test_an_endpoint_is_added_tested_and_its_log_read(world: World, owner: Person, receiver: Receiver) -> None:
    client = owner.client()
    assert "No endpoints" in text(client.get(at(world)))
    id_, secret = added(
        client, world, receiver, description="Books", hears="some", events=["invoice.paid", "customer.created"]
    )
    assert secret.startswith("whsec_")
    page = text(client.get(at(world, f"{id_}/")))
    assert receiver.url in page
    assert "invoice.paid" in page
    assert secret not in client.get(at(world, f"{id_}/")).content.decode()
    assert f"…{secret[-4:]}" in page
    assert "A test event is on its way." in text(client.post(at(world, f"{id_}/test/"), follow=True))
    world.customer("<b>Zoë</b>")
    send(world)
    told = [request.verified(secret)["type"] for request in receiver.requests]
    assert sorted(told) == ["customer.created", "webhook.test"]
    page = text(client.get(at(world, f"{id_}/")))
    for words in ("customer.created", "webhook.test", "Taken", "204"):
        assert words in page
    sent = next(one for one in receiver.requests if b"customer.created" in one.body)
    log = client.get(at(world, f"deliveries/{sent.id}/"))
    for words in ("webhook-signature: v1,", "customer.created", "204"):
        assert words in text(log)
    assert "<b>Zoë</b>" not in log.content.decode()
    assert "It is sent again." in text(client.post(at(world, f"deliveries/{sent.id}/replay/"), follow=True))
    send(world)
    assert [request.id for request in receiver.requests].count(sent.id) == 2


def test_what_is_wrong_stands_at_its_field(world: World, owner: Person, receiver: Receiver) -> None:
    client = owner.client()
    assert "not on the public internet" in text(
        client.post(at(world, "new/"), {"url": "https://10.0.0.1/", "hears": "every"})
    )
    for events, said in (("thing.made", "is no kind of event"), ([], "Choose at least one event")):
        answer = client.post(at(world, "new/"), {"url": receiver.url, "hears": "some", "events": events})
        assert answer.status_code == 422
        assert said in text(answer)
    with tenant(world.id):
        assert not endpoints_of(world.id)


def test_what_an_endpoint_hears_of_is_checked_when_it_is_edited(
    world: World, owner: Person, receiver: Receiver
) -> None:
    client = owner.client()
    id_, _secret = added(client, world, receiver, hears="some", events=["invoice.paid", "invoice.voided"])
    page = client.get(at(world, f"{id_}/edit/")).content.decode()
    assert 'id="id_events_invoice.paid" checked' in page
    assert 'value="invoice.issued" id="id_events_invoice.issued">' in page
    assert page.count("<details data-checklist open>") == 1
    assert "is changed" in does(client, world, f"{id_}/edit/", url=receiver.url, hears="every", events="invoice.paid")
    assert "Every event" in text(client.get(at(world, f"{id_}/")))


def test_every_kind_of_event_has_a_heading() -> None:
    assert {kind.partition(".")[0] for kind in TOPICS} == set(ABOUT)


def test_an_endpoint_is_changed_rotated_switched_and_removed(world: World, owner: Person, receiver: Receiver) -> None:
    client = owner.client()
    id_, secret = added(client, world, receiver)
    assert "is changed" in does(client, world, f"{id_}/edit/", url=receiver.url, description="Ledger", hears="every")
    assert "Ledger" in text(client.get(at(world)))
    rotated = client.post(at(world, f"{id_}/rotate/"), {"overlap": "24"})
    assert "whsec_" in rotated.content.decode()
    assert "no-store" in rotated["Cache-Control"]
    assert f"…{secret[-4:]} until" in text(client.get(at(world, f"{id_}/")))
    assert "is switched off" in does(client, world, f"{id_}/off/")
    assert "Switched off by hand" in text(client.get(at(world, f"{id_}/")))
    assert "switch it on first" in text(client.get(at(world, f"{id_}/replay/")))
    world.customers(2)
    send(world)
    assert receiver.requests == []
    assert "is switched on" in does(client, world, f"{id_}/on/")
    span = {"since": "2020-01-01T00:00", "until": "2100-01-01T00:00"}
    assert "messages are sent" in does(client, world, f"{id_}/replay/", **span)
    send(world)
    assert len([one for one in receiver.requests if b"customer.created" in one.body]) == 2
    assert "Somebody changed the endpoint" in does(client, world, f"{id_}/remove/", version="1")
    with tenant(world.id):
        version = endpoints_of(world.id)[0].version
    assert "is removed" in does(client, world, f"{id_}/remove/", version=str(version))
    assert client.get(at(world, f"{id_}/")).status_code == 404


@pytest.mark.parametrize("role", [Role.READ_ONLY, Role.SUPPORT, Role.BILLING])
def test_others_look_and_change_nothing(role: Role, world: World, team: Team, receiver: Receiver) -> None:
    id_, _ = added(team.owner.client(), world, receiver)
    client = team[role].client()
    assert receiver.url in text(client.get(at(world)))
    assert "Send test event" not in text(client.get(at(world, f"{id_}/")))
    for popup in ("new/", f"{id_}/edit/", f"{id_}/rotate/", f"{id_}/off/", f"{id_}/remove/", f"{id_}/replay/"):
        assert client.get(at(world, popup)).status_code == 403
        assert client.post(at(world, popup)).status_code == 403
    assert client.post(at(world, f"{id_}/test/")).status_code == 403


def test_another_partners_endpoint_is_not_there(
    world: World, owner: Person, stranger: Person, receiver: Receiver
) -> None:
    id_, _ = added(owner.client(), world, receiver)
    theirs = World(stranger.partner)
    client = stranger.client()
    for popup in ("", "edit/", "rotate/", "off/", "remove/", "replay/"):
        assert client.get(at(theirs, f"{id_}/{popup}")).status_code == 404
    assert client.post(at(theirs, f"{id_}/test/")).status_code == 404
