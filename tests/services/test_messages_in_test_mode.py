"""Test mode is for trying things out on real addresses: it mails nobody."""

from __future__ import annotations

from notifications.queries import messages_of
from notifications.rules.states import MessageState
from partnerpanel.actions import door
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Target
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_twin
from subscriptions.rules.states import HoldKind
from tests.people import Person
from tests.world import NOW, World


def test_a_mail_in_test_mode_is_written_and_kept_and_reaches_nobody(owner: Person, mailoutbox: list[object]) -> None:
    twin = World(create_twin(owner.partner, now=NOW))
    customer = twin.customer(email="anna@real.example")
    actor = Actor(ActorKind.USER, twin.id, owner.user.pk, owner.role)

    door.commit(Suspend((Target(customer),), HoldKind.ABUSE, "spam"), quote=None, actor=actor, now=NOW)
    twin.drain("outbox")
    twin.drain("mail")

    with tenant(twin.id):
        [message] = messages_of(twin.id, customer, limit=5)
    assert message.state is MessageState.KEPT
    assert message.to_address == "anna@real.example"
    assert "spam" in message.body
    assert mailoutbox == []
