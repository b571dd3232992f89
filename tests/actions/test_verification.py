"""A customer is asked to verify: blocked meanwhile or not; verified opens again, not verified leads to a ban."""

from __future__ import annotations

from uuid import UUID

import pytest

from billing.rules.changes.banning import OpenInvoices
from notifications.models import Message
from partnerpanel.actions import door
from partnerpanel.actions.ban import Ban
from partnerpanel.actions.door import FactsMoved, Refused
from partnerpanel.actions.reactivate import Reactivate
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Target
from partnerpanel.actions.verification import RequireVerification, Verified
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Verification
from subscriptions.queries.verifications import open_verifications
from subscriptions.rules.states import Access, HoldKind
from subscriptions.rules.verification import VerificationOutcome, VerificationPreset
from tests.actions.carry_out import carry_out, everything
from tests.people import Person, Team
from tests.threads import in_threads
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def subscription(world: World) -> UUID:
    id_ = world.subscription()
    world.drain()
    return id_


def require(world: World, subscription: UUID, *, blocks: bool = True) -> RequireVerification:
    customer = world.read_subscription(subscription).customer_id
    return RequireVerification((Target(customer),), (VerificationPreset.PHOTO_ID,), "and a selfie", blocks)


def test_it_blocks_says_what_to_send_and_ends_with_the_answer(
    world: World, owner: Person, team: Team, subscription: UUID
) -> None:
    verb = require(world, subscription)
    carry_out(verb, owner)
    world.drain("outbox", "provisioning", "mail")
    customer = verb.targets[0].customer_id
    assert world.read_subscription(subscription).access == Access.BLOCKED
    assert world.open_holds(customer) == {(HoldKind.FRAUD_REVIEW, "and a selfie", None)}
    with tenant(world.id):
        [mail] = Message.objects.for_partner(world.id).filter(customer=customer)
        assert open_verifications(world.id, [customer])[customer].asked_at == NOW
    assert "\nA photo of an identity card or passport\nand a selfie\n" in mail.body
    assert "help@eastwind.example" in mail.body
    with pytest.raises(Refused):
        carry_out(verb, owner)
    verified = Verified((Target(customer),), "seen in a video call")
    with pytest.raises(Forbidden):
        door.preview(verified, actor=team[Role.SUPPORT].actor, now=NOW)
    carry_out(verified, owner)
    assert world.read_subscription(subscription).access == Access.OPEN
    with tenant(world.id):
        assert Verification.objects.for_partner(world.id).get().outcome == "verified"
        assert open_verifications(world.id, [customer]) == {}


def test_asked_without_blocking_access_stays_and_a_ban_answers_it(
    world: World, owner: Person, subscription: UUID
) -> None:
    verb = require(world, subscription, blocks=False)
    quote = door.preview(verb, actor=owner.actor, now=NOW)
    assert (quote.steps, len(quote.mails)) == ((), 1)
    assert "You can use your service as before." in quote.mails[0].body
    carry_out(verb, owner)
    customer = verb.targets[0].customer_id
    assert world.read_subscription(subscription).access == Access.OPEN
    assert world.open_holds(customer) == set()
    carry_out(Ban((Target(customer),), OpenInvoices.KEEP, "nothing was sent"), owner)
    with tenant(world.id):
        assert Verification.objects.for_partner(world.id).get().outcome == "not_verified"


def test_closing_the_review_any_other_way_answers_it_too(world: World, owner: Person, subscription: UUID) -> None:
    verb = require(world, subscription)
    carry_out(verb, owner)
    carry_out(Reactivate(verb.targets, frozenset({HoldKind.FRAUD_REVIEW}), "seen in the shop"), owner)
    customer = verb.targets[0].customer_id
    with tenant(world.id):
        assert open_verifications(world.id, [customer]) == {}
        assert Verification.objects.for_partner(world.id).get().outcome == VerificationOutcome.VERIFIED
    carry_out(verb, owner)
    assert world.open_holds(customer) == {(HoldKind.FRAUD_REVIEW, "and a selfie", None)}


def test_a_demand_that_never_blocked_outlives_a_review(world: World, owner: Person, subscription: UUID) -> None:
    verb = require(world, subscription, blocks=False)
    carry_out(verb, owner)
    carry_out(Suspend(verb.targets, HoldKind.FRAUD_REVIEW, "many cards"), owner)
    carry_out(Reactivate(verb.targets, frozenset({HoldKind.FRAUD_REVIEW}), "all his own"), owner)
    with tenant(world.id):
        assert open_verifications(world.id, [verb.targets[0].customer_id])


def test_who_may_not_or_is_a_stranger_changes_nothing(
    world: World, colleague: Person, stranger: Person, subscription: UUID
) -> None:
    verb = require(world, subscription)
    before = everything(world)
    with pytest.raises(Forbidden):
        door.preview(verb, actor=colleague.actor, now=NOW)
    with pytest.raises(NotFound):
        door.commit(verb, quote=None, actor=stranger.actor, now=NOW)
    assert everything(world) == before


def test_two_at_once_ask_once(world: World, owner: Person, subscription: UUID) -> None:
    verb = require(world, subscription)
    token = door.preview(verb, actor=owner.actor, now=NOW).token
    said: list[str] = []

    def confirms() -> None:
        try:
            door.commit(verb, quote=token, actor=owner.actor, now=NOW)
            said.append("done")
        except (FactsMoved, Refused):
            said.append("moved")

    in_threads(confirms, confirms)
    assert sorted(said) == ["done", "moved"]
