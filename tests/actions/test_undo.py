"""Undo restores what was, for a day, and only what nobody has changed since."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from customers.services.notes import add_note
from customers.services.tagging import set_tags
from partnerpanel.actions import door
from partnerpanel.actions.door import Refused
from partnerpanel.actions.reactivate import Reactivate
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.undo import Undo
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription
from subscriptions.rules.states import HoldKind
from tests.actions.carry_out import carry_out, everything, reactivate, suspend, undo
from tests.people import Person
from tests.world import NOW, World

COLUMNS = ("access", "is_suspended", "lifecycle", "collection", "anchor_on", "cancel_at_period_end")
STANDING = ("is_active", "is_expired", "is_suspended", "is_in_grace", "is_cancelling", "is_trialing", "is_paused")


def state_of(world: World, customer: Any) -> tuple[Any, ...]:
    """Everything about the customer that an action changes, but for the count of changes."""
    row = world.read_customer(customer)
    with tenant(world.id):
        subscriptions = Subscription.objects.for_partner(world.id).filter(customer=customer).order_by("pk")
        rows = list(subscriptions.values_list(*COLUMNS))
    return rows, [getattr(row, name) for name in STANDING], world.open_holds(customer)


@pytest.fixture
def customer(world: World) -> Any:
    """Somebody with subscriptions in several states, one of them held on its own."""
    id_ = world.customer()
    for state in ("active", "trialing", "held by hand", "delinquent", "ended", "scheduled"):
        world.subscription(state, customer=id_)
    world.drain()
    return id_


@pytest.mark.parametrize("kind", [HoldKind.MANUAL, HoldKind.ABUSE, HoldKind.FRAUD_REVIEW])
def test_undoing_a_suspension_restores_exactly(world: World, owner: Person, customer: Any, kind: HoldKind) -> None:
    before = state_of(world, customer)
    outcome = carry_out(suspend(customer, kind=kind), owner)
    world.drain()
    assert state_of(world, customer) != before
    carry_out(undo(outcome, world), owner)
    world.drain()
    assert state_of(world, customer) == before


def test_undoing_a_reactivation_restores_exactly(world: World, owner: Person, customer: Any) -> None:
    carry_out(suspend(customer, kind=HoldKind.ABUSE, reason="sends spam"), owner)
    before = state_of(world, customer)
    verb = reactivate(customer, None, HoldKind.MANUAL, HoldKind.ABUSE, HoldKind.FRAUD_REVIEW, reason="a mistake")
    outcome = carry_out(verb, owner)
    world.drain()
    assert {kind for kind, _, _ in world.open_holds(customer)} == {"nonpayment"}
    carry_out(undo(outcome, world), owner)
    world.drain()
    assert state_of(world, customer) == before


def test_an_undo_can_be_undone(world: World, owner: Person, customer: Any) -> None:
    first = carry_out(suspend(customer), owner)
    suspended = state_of(world, customer)
    second = carry_out(undo(first, world), owner)
    carry_out(undo(second, world), owner)
    assert state_of(world, customer) == suspended


def test_undo_releases_only_what_its_action_placed(world: World, owner: Person) -> None:
    customer = world.read_subscription(world.subscription("held for abuse")).customer_id
    outcome = carry_out(suspend(customer, kind=HoldKind.ABUSE), owner)
    carry_out(undo(outcome, world), owner)
    assert {kind for kind, _, _ in world.open_holds(customer)} == {HoldKind.ABUSE}


def test_a_suspension_of_several_is_undone_together(world: World, owner: Person) -> None:
    customer = world.customer()
    ids = [world.subscription(customer=customer) for _ in range(2)]
    world.drain()
    before = state_of(world, customer)
    targets = tuple(Target(customer, id_) for id_ in ids)
    first = carry_out(Suspend(targets, HoldKind.MANUAL, "both"), owner)
    held = state_of(world, customer)
    carry_out(undo(first, world), owner)
    assert state_of(world, customer) == before
    carry_out(Suspend(targets, HoldKind.MANUAL, "both"), owner)
    again = carry_out(Reactivate(targets), owner)
    carry_out(undo(again, world), owner)
    assert state_of(world, customer) == held


def test_undo_is_open_for_a_day_of_business_time(world: World, owner: Person, customer: Any) -> None:
    outcome = carry_out(suspend(customer), owner)
    verb = undo(outcome, world)
    late = NOW + timedelta(hours=24, seconds=1)
    quote = door.preview(verb, actor=owner.actor, now=late)
    assert [refusal.code for refusal in quote.refusals] == ["too_late_to_undo"]
    before = everything(world)
    with pytest.raises(Refused, match="24 hours"):
        door.commit(verb, quote=quote.token, actor=owner.actor, now=late)
    assert everything(world) == before
    carry_out(verb, owner, now=NOW + timedelta(hours=24))


def test_undo_is_refused_once_something_else_has_changed(world: World, owner: Person, customer: Any) -> None:
    outcome = carry_out(suspend(customer), owner)
    with tenant(world.id):
        set_tags(customer, names=["vip"], actor=owner.actor, now=NOW)
    quote = door.preview(undo(outcome, world), actor=owner.actor, now=NOW)
    assert [refusal.code for refusal in quote.refusals] == ["changed_since"]


def test_a_note_is_no_change_that_hinders_an_undo(world: World, owner: Person, customer: Any) -> None:
    outcome = carry_out(suspend(customer), owner)
    with tenant(world.id):
        add_note(customer, text="Called.", actor=owner.actor, now=NOW)
    carry_out(undo(outcome, world), owner)


def test_the_same_action_is_undone_once(world: World, owner: Person, customer: Any) -> None:
    outcome = carry_out(suspend(customer), owner)
    verb = undo(outcome, world)
    carry_out(verb, owner)
    with pytest.raises(Refused, match="changed since"):
        door.commit(verb, quote=None, actor=owner.actor, now=NOW)


def test_an_action_that_never_was_and_another_partners_cannot_be_undone(
    world: World, other_world: World, owner: Person, stranger: Person
) -> None:
    theirs = carry_out(suspend(other_world.customer()), stranger)
    with tenant(world.id):
        for action in (uuid7(), theirs.action_id):
            with pytest.raises(NotFound, match="nothing to undo"):
                Undo.of(action, partner_id=world.id)
