"""Home says what waits for a person and why; the right role has it tried again, and an event says who did."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from billing.gateway.news import News, Topic
from billing.incoming.receive import remember
from billing.models import GatewayNews, PaymentAttempt
from notifications.models import Message
from partnerpanel.actions.bulk import control
from partnerpanel.actions.models import BulkJob
from partnerpanel.actions.suspend import Suspend
from partnerpanel.events.models import Event, Outbox
from partnerpanel.invariants.look import look
from partnerpanel.invariants.registry import invariants
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription
from subscriptions.rules.states import HoldKind
from tests.faults.gateways import SANDBOX
from tests.faults.renewals import comes_to_rest, due_renewals
from tests.people import Person, Team
from tests.world import World

# path, prefix and model of what can be parked, who may not have it tried again though they may see it, and its words.
KINDS: dict[str, tuple[str, Any, Role, str]] = {
    "subscriptions": ("sub", Subscription, Role.SUPPORT, "The next step of these failed five times."),
    "charges": ("att", PaymentAttempt, Role.SUPPORT, "never charged twice"),
    "gateway-news": ("gn", GatewayNews, Role.SUPPORT, "nothing could be made of it"),
    "messages": ("msg", Message, Role.READ_ONLY, "The mail server refused these five times"),
    "deliveries": ("out", Outbox, Role.READ_ONLY, "have not heard of them"),
    "jobs": ("job", BulkJob, Role.SUPPORT, "What is done stays done"),
}
COLUMNS: dict[str, dict[str, Any]] = {
    "charges": {"status": "unknown", "settled_at": None},
    "messages": {"state": "failed", "sent_at": None},
}


@pytest.fixture
def trouble(world: World, owner: Person) -> dict[str, UUID]:
    """One row of every kind waits for a person."""
    due_renewals(world, SANDBOX, 1, others={SANDBOX.declines: 1})
    comes_to_rest(world)
    world.drain("outbox")
    with tenant(world.id):
        customer = Subscription.objects.get().customer_id
        event = Event.objects.filter(kind="subscription.payment_failed").latest("pk")
        Outbox.objects.create(partner_id=world.id, event=event, consumer="messages")
        remember(world.id, "stripe", News("evt_1", "charge.dispute.created", Topic.DISPUTE, "du_1", "", world.now))
    control.start(Suspend((), HoldKind.MANUAL, "as agreed"), [customer], actor=owner.actor, now=world.now)
    parked = {}
    with tenant(world.id):
        for path, (_, model, _, _) in KINDS.items():
            row = model.objects.for_partner(world.id).latest("pk")
            columns = {"attempts": 5, "due_at": world.now, "last_error": f"The {path} broke <b>."}
            model.objects.filter(pk=row.pk).update(parked_at=world.now, **columns, **COLUMNS.get(path, {}))
            parked[path] = row.pk
    return parked


@pytest.mark.parametrize("path", KINDS)
def test_it_is_on_home_with_its_reason_and_a_button_for_those_who_may(
    trouble: dict[str, UUID], team: Team, path: str
) -> None:
    prefix, _, may_not, words = KINDS[path]
    address = f"/panel/eastwind/{path}/{public(prefix, trouble[path])}/retry/"
    home = team.owner.client().get("/panel/eastwind/").content.decode()
    assert words in home
    assert f"The {path} broke &lt;b&gt;." in home
    assert address in home
    client = team[may_not].client()
    seen = client.get("/panel/eastwind/").content.decode()
    assert words in seen
    assert address not in seen
    assert client.post(address).status_code == 403


@pytest.mark.parametrize("path", KINDS)
def test_it_is_tried_again_once_and_the_event_says_by_whom(
    trouble: dict[str, UUID], world: World, owner: Person, stranger: Person, path: str
) -> None:
    prefix, model, _, _ = KINDS[path]
    address = f"/panel/eastwind/{path}/{public(prefix, trouble[path])}/retry/"
    assert stranger.client().post(address).status_code == 404
    assert owner.client().post(address).headers["Location"] == "/panel/eastwind/"
    with tenant(world.id):
        row = model.objects.get(pk=trouble[path])
        assert (row.parked_at, row.attempts, row.leased_until) == (None, 0, None)
        assert row.due_at is not None
        told = Event.objects.get(kind="work.retried")
        assert (told.actor_id, told.data["row"]) == (owner.user.pk, str(trouble[path]))
    # Waiting no more, it is as unknown as one that never did.
    assert owner.client().post(address).status_code == 404


def test_a_failed_mail_is_sent_after_all(trouble: dict[str, UUID], world: World, owner: Person) -> None:
    owner.client().post(f"/panel/eastwind/messages/{public('msg', trouble['messages'])}/retry/")
    world.drain("mail", now=system_now())
    with tenant(world.id):
        assert Message.objects.get(pk=trouble["messages"]).state == "sent"


def test_what_does_not_add_up_is_on_the_home_of_its_partner_alone(
    world: World, owner: Person, stranger: Person
) -> None:
    due_renewals(world, SANDBOX, 1)
    with tenant(world.id):
        Subscription.objects.update(due_at=None)
        id_ = Subscription.objects.get().pk
    look(world.id, invariants())
    home = owner.client().get("/panel/eastwind/").content.decode()
    for words in ("Something does not add up", "Who is served is in a period that is paid", public("sub", id_)):
        assert words in home
    assert "does not add up" not in stranger.client().get("/panel/westwind/").content.decode()
