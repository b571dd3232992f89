"""Suspend and reactivate, for an account and for one subscription."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partnerpanel.actions import door
from partnerpanel.actions.door import Refused
from partnerpanel.actions.reactivate import InvalidReactivation, Reactivate
from partnerpanel.actions.suspend import EVIDENCE_BYTES, InvalidSuspension, Suspend
from partnerpanel.actions.verb import OverlappingTargets, Target
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import HoldEvidence, Term
from subscriptions.rules.states import Access, HoldKind
from subscriptions.rules.suspension import PLACEABLE
from subscriptions.services.access import Evidence
from tests.actions.carry_out import carry_out, entries, everything, reactivate, suspend
from tests.people import Person
from tests.world import NOW, STATES, World


@pytest.mark.parametrize("kind", PLACEABLE)
def test_suspending_an_account_blocks_all_of_its_subscriptions(world: World, owner: Person, kind: HoldKind) -> None:
    customer = world.customer()
    served = [world.subscription(state, customer=customer) for state in ("active", "trialing", "in grace")]
    world.drain()
    outcome = carry_out(suspend(customer, kind=kind), owner)
    for id_ in served:
        row = world.read_subscription(id_)
        assert (row.access, row.is_suspended) == (Access.BLOCKED, True)
    assert world.read_customer(customer).is_suspended
    assert world.open_holds(customer) == {(kind, "as agreed", None)}
    kinds = [(entry.kind, entry.sequence) for entry in entries(outcome, world)]
    assert kinds[0] == ("customer.suspended", 2)
    assert [kind for kind, _ in kinds[1:]] == ["subscription.access_changed"] * 3
    assert entries(outcome, world)[0].words == {"reason": "as agreed"}


def test_suspending_one_subscription_leaves_the_others_open(world: World, owner: Person) -> None:
    customer = world.customer()
    one, other = (world.subscription(customer=customer) for _ in range(2))
    world.drain()
    before = world.read_customer(customer).version
    outcome = carry_out(suspend(customer, one), owner)
    assert world.read_subscription(one).access == Access.BLOCKED
    assert world.read_subscription(other).access == Access.OPEN
    assert [entry.kind for entry in entries(outcome, world)] == ["subscription.suspended"]
    row = world.read_customer(customer)
    assert (row.version, row.is_active, row.is_suspended) == (before, True, True)


def test_reactivating_an_account_releases_its_holds_and_those_of_its_subscriptions(world: World, owner: Person) -> None:
    customer = world.customer()
    one, other = (world.subscription(customer=customer) for _ in range(2))
    world.drain()
    carry_out(suspend(customer), owner)
    carry_out(suspend(customer, one, HoldKind.ABUSE), owner)
    carry_out(reactivate(customer), owner)
    assert world.open_holds(customer) == set()
    assert {world.read_subscription(id_).access for id_ in (one, other)} == {Access.OPEN}
    assert world.read_customer(customer).is_active


def test_any_hold_that_is_left_keeps_access_blocked_and_the_preview_says_so(world: World, owner: Person) -> None:
    id_ = world.subscription("held twice")
    customer = world.read_subscription(id_).customer_id
    verb = reactivate(customer, None, HoldKind.MANUAL)
    assert door.preview(verb, actor=owner.actor, now=NOW).warnings == ("stays_blocked",)
    carry_out(verb, owner)
    row = world.read_subscription(id_)
    assert (row.access, row.is_suspended) == (Access.BLOCKED, True)
    carry_out(reactivate(customer, None, HoldKind.ABUSE), owner)
    world.drain()
    assert world.read_subscription(id_).access == Access.OPEN


def test_a_hold_on_the_customer_keeps_a_released_subscription_blocked(world: World, owner: Person) -> None:
    id_ = world.subscription("held by hand")
    customer = world.read_subscription(id_).customer_id
    carry_out(suspend(customer), owner)
    carry_out(reactivate(customer, id_), owner)
    row = world.read_subscription(id_)
    assert (row.access, row.is_suspended) == (Access.BLOCKED, True)


def test_a_subscription_sold_to_a_suspended_customer_is_blocked_from_the_start(world: World, owner: Person) -> None:
    customer = world.customer()
    carry_out(suspend(customer), owner)
    id_ = world.subscription(customer=customer)
    row = world.read_subscription(id_)
    assert (row.access, row.is_suspended) == (Access.BLOCKED, True)
    assert world.read_account(id_).desired == "disabled"
    standing = world.read_customer(customer)
    assert (standing.is_active, standing.is_suspended) == (False, True)
    carry_out(reactivate(customer), owner)
    world.drain()
    assert world.read_subscription(id_).access == Access.OPEN
    assert world.read_account(id_).actual == "enabled"


@pytest.mark.parametrize("state", [state for state in STATES if state != "under review"])
def test_cycles_of_suspend_and_reactivate_move_no_date(world: World, owner: Person, state: str) -> None:
    id_ = world.subscription(state)
    customer = world.read_subscription(id_).customer_id
    world.drain()
    dates, held = dates_of(world, id_), world.open_holds(customer)
    access = world.read_subscription(id_).access
    for cycle in range(3):
        now = NOW + timedelta(hours=cycle)
        carry_out(suspend(customer, None, HoldKind.FRAUD_REVIEW), owner, now=now)
        world.drain(now=now)
        verb = reactivate(customer, None, HoldKind.FRAUD_REVIEW, reason="looked into it")
        carry_out(verb, owner, now=now)
        world.drain(now=now)
    assert dates_of(world, id_) == dates
    assert world.open_holds(customer) == held
    assert world.read_subscription(id_).access == access


def dates_of(world: World, subscription: object) -> list[object]:
    row = world.read_subscription(subscription)  # type: ignore[arg-type]
    with tenant(world.id):
        terms = Term.objects.for_partner(world.id).filter(subscription=row).order_by("number").values_list()
        return [row.anchor_on, row.started_at, row.trial_ends_at, row.ended_at, row.paused_until, *terms]


def test_the_same_hold_cannot_be_placed_twice_and_nothing_is_written(world: World, owner: Person) -> None:
    customer = world.customer()
    carry_out(suspend(customer), owner)
    before = everything(world)
    verb = suspend(customer)
    assert [refusal.code for refusal in door.preview(verb, actor=owner.actor, now=NOW).refusals] == [
        "already_suspended"
    ]
    with pytest.raises(Refused):
        door.commit(verb, quote=None, actor=owner.actor, now=NOW)
    assert everything(world) == before


def test_an_ended_subscription_cannot_be_suspended(world: World, owner: Person) -> None:
    id_ = world.subscription("ended")
    quote = door.preview(suspend(world.read_subscription(id_).customer_id, id_), actor=owner.actor, now=NOW)
    assert [refusal.code for refusal in quote.refusals] == ["already_ended"]


def test_reactivating_what_is_not_suspended_is_refused(world: World, owner: Person) -> None:
    customer = world.customer()
    quote = door.preview(reactivate(customer), actor=owner.actor, now=NOW)
    assert quote.is_refused
    assert [refusal.code for refusal in quote.refusals] == ["not_suspended"]


@pytest.mark.parametrize("kind", [HoldKind.NONPAYMENT, HoldKind.PROVISIONING])
def test_people_place_only_the_holds_that_are_theirs(kind: HoldKind) -> None:
    with pytest.raises(InvalidSuspension) as refusal:
        Suspend((Target(uuid7()),), kind, "because")
    assert refusal.value.field == "kind"


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 501])
def test_a_suspension_needs_a_reason_of_readable_length(reason: str) -> None:
    with pytest.raises(InvalidSuspension) as refusal:
        Suspend((Target(uuid7()),), HoldKind.MANUAL, reason)
    assert refusal.value.field == "reason"


def test_closing_a_review_needs_a_reason() -> None:
    with pytest.raises(InvalidReactivation) as refusal:
        Reactivate((Target(uuid7()),), frozenset({HoldKind.FRAUD_REVIEW}), " ")
    assert refusal.value.field == "reason"


def test_what_is_unpaid_is_paid_extended_or_waived_and_not_just_released() -> None:
    with pytest.raises(InvalidReactivation, match="waive what is owed") as refusal:
        Reactivate((Target(uuid7()),), frozenset({HoldKind.NONPAYMENT}), "as agreed")
    assert refusal.value.field == "kinds"


@pytest.mark.parametrize("kinds", [(), (HoldKind.PROVISIONING,), (HoldKind.MANUAL, HoldKind.PROVISIONING)])
def test_nobody_releases_the_hold_of_provisioning(kinds: tuple[HoldKind, ...]) -> None:
    with pytest.raises(InvalidReactivation) as refusal:
        Reactivate((Target(uuid7()),), frozenset(kinds))
    assert refusal.value.field == "kinds"


def test_evidence_is_kept_with_the_hold_and_may_have_two_megabytes(world: World, owner: Person) -> None:
    customer = world.customer()
    file = b"\x00\xff" * (EVIDENCE_BYTES // 2)
    verb = Suspend(
        (Target(customer),), HoldKind.ABUSE, "spam", Evidence("see file", "mail.eml", "message/rfc822", file)
    )
    carry_out(verb, owner)
    with tenant(world.id):
        kept = HoldEvidence.objects.for_partner(world.id).get()
        assert (kept.note, kept.file_name, bytes(kept.content or b"")) == ("see file", "mail.eml", file)
    with pytest.raises(InvalidSuspension) as refusal:
        Suspend((Target(customer),), HoldKind.ABUSE, "spam", Evidence(content=file + b"!"))
    assert refusal.value.field == "evidence_file"


def test_targets_of_another_partner_are_as_unknown_as_those_that_never_were(
    world: World, other_world: World, owner: Person
) -> None:
    theirs = other_world.subscription()
    their_customer = other_world.read_subscription(theirs).customer_id
    own = world.customer()
    before = everything(other_world)
    messages = set()
    for target in (Target(their_customer), Target(uuid7()), Target(own, theirs), Target(own, uuid7())):
        verb = Suspend((target,), HoldKind.MANUAL, "because")
        for attempt in (
            lambda verb=verb: door.preview(verb, actor=owner.actor, now=NOW),
            lambda verb=verb: door.commit(verb, quote=None, actor=owner.actor, now=NOW),
        ):
            with pytest.raises(NotFound) as refusal:
                attempt()
            messages.add(str(refusal.value))
    assert len(messages) == 1
    assert everything(other_world) == before


def test_a_customers_own_other_subscription_is_no_target_of_somebody_else(world: World, owner: Person) -> None:
    id_ = world.subscription()
    with pytest.raises(NotFound):
        door.preview(suspend(world.customer(), id_), actor=owner.actor, now=NOW)


def test_two_targets_that_overlap_are_refused(world: World, owner: Person) -> None:
    id_ = world.subscription()
    customer = world.read_subscription(id_).customer_id
    for targets in ([Target(customer)] * 2, [Target(customer, id_)] * 2, [Target(customer), Target(customer, id_)]):
        with pytest.raises(OverlappingTargets):
            door.preview(Suspend(tuple(targets), HoldKind.MANUAL, "because"), actor=owner.actor, now=NOW)


def test_many_targets_are_written_together(world: World, owner: Person) -> None:
    customers = world.customers(3)
    world.subscriptions(customers)
    world.drain()
    carry_out(suspend(customers[1]), owner)
    verb = Suspend(tuple(map(Target, customers)), HoldKind.MANUAL, "all of them")
    quote = door.preview(verb, actor=owner.actor, now=NOW)
    assert len(quote.refusals) == 1
    assert len(quote.effects) == 2
    door.commit(verb, quote=quote.token, actor=owner.actor, now=NOW)
    assert all(world.read_customer(id_).is_suspended for id_ in customers)
