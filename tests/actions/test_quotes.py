"""A preview writes nothing, is what confirming does, and holds only while the facts stay as they were shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import time_machine

from partnerpanel.actions import door
from partnerpanel.actions.door import FactsMoved
from partnerpanel.actions.quote import MINUTES, QuoteExpired
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import ActorKind
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.services import give_role
from subscriptions.rules.states import HoldKind
from tests.actions.carry_out import carry_out, entries, everything, reactivate, suspend, undo
from tests.people import Person, Team
from tests.world import NOW, STATES, World


@pytest.mark.parametrize("state", STATES)
def test_a_preview_writes_nothing(world: World, owner: Person, state: str) -> None:
    id_ = world.subscription(state)
    customer = world.read_subscription(id_).customer_id
    kind = HoldKind.ABUSE if state == "held by hand" else HoldKind.MANUAL
    outcome = carry_out(suspend(customer, None, HoldKind.FRAUD_REVIEW), owner)
    before = everything(world)
    verbs: list[Verb] = [
        suspend(customer, None, kind),
        reactivate(customer, None, *HOLDS, reason="seen"),
        undo(outcome, world),
    ]
    if state != "ended":
        verbs.append(suspend(customer, id_, kind))
    for verb in verbs:
        door.preview(verb, actor=owner.actor, now=NOW)
    assert everything(world) == before


HOLDS = (HoldKind.MANUAL, HoldKind.ABUSE, HoldKind.FRAUD_REVIEW)


@pytest.mark.parametrize("state", STATES)
def test_what_is_previewed_is_what_is_done(world: World, owner: Person, state: str) -> None:
    id_ = world.subscription(state)
    customer = world.read_subscription(id_).customer_id
    world.drain()
    verb = suspend(customer, None, HoldKind.FRAUD_REVIEW)
    quote = door.preview(verb, actor=owner.actor, now=NOW)
    outcome = door.commit(verb, quote=quote.token, actor=owner.actor, now=NOW)
    shown, done = replace(quote, token=""), replace(outcome.quote, token="")
    assert replace(shown, expires_at=NOW) == replace(done, expires_at=NOW)
    written = entries(outcome, world)
    planned = [event for plan in outcome.plans for event in plan.events]
    assert [(e.kind, e.object_id, e.sequence, e.data) for e in written] == [
        (e.kind, e.object_id, e.sequence, dict(e.data)) for e in planned
    ]
    for effect in quote.effects:
        if effect.subscription_id:
            assert world.read_subscription(effect.subscription_id).access == effect.after


def test_the_preview_names_the_login_that_will_be_disabled(world: World, owner: Person) -> None:
    id_ = world.subscription()
    world.drain()
    account = world.read_account(id_)
    quote = door.preview(suspend(world.read_subscription(id_).customer_id), actor=owner.actor, now=NOW)
    assert [(step.title, step.to) for step in quote.steps] == [("Disable the login", account.username)]


def test_confirming_after_the_facts_moved_lists_the_difference_and_writes_nothing(world: World, team: Team) -> None:
    customer = world.customer()
    one, other = (world.subscription(customer=customer) for _ in range(2))
    world.drain()
    verb = suspend(customer)
    quote = door.preview(verb, actor=team.owner.actor, now=NOW)
    carry_out(suspend(customer, other, HoldKind.ABUSE), team[Role.SUPPORT])
    before = everything(world)
    with pytest.raises(FactsMoved) as moved:
        door.commit(verb, quote=quote.token, actor=team.owner.actor, now=NOW)
    assert everything(world) == before
    assert moved.value.status == 409
    assert [(d.shown, d.now) for d in moved.value.differences if "Basic" in d.label] == [("open → blocked", "")]
    assert str(other)[-6:] in " ".join(d.label for d in moved.value.differences)
    assert str(one)[-6:] not in " ".join(d.label for d in moved.value.differences)
    door.commit(verb, quote=moved.value.quote.token, actor=team.owner.actor, now=NOW)


def test_a_quote_serves_once(world: World, owner: Person) -> None:
    verb = suspend(world.customer())
    quote = door.preview(verb, actor=owner.actor, now=NOW)
    door.commit(verb, quote=quote.token, actor=owner.actor, now=NOW)
    before = everything(world)
    with pytest.raises(FactsMoved) as moved:
        door.commit(verb, quote=quote.token, actor=owner.actor, now=NOW)
    assert "already_suspended" in {difference.now for difference in moved.value.differences}
    assert everything(world) == before


def test_a_quote_expires_after_a_quarter_of_an_hour(world: World, owner: Person) -> None:
    verb = suspend(world.customer())
    started = system_now()
    with time_machine.travel(started, tick=False) as clock:
        quote = door.preview(verb, actor=owner.actor, now=NOW)
        clock.shift(MINUTES * 60 + 1)
        with pytest.raises(QuoteExpired, match="expired"):
            door.commit(verb, quote=quote.token, actor=owner.actor, now=NOW)
        clock.shift(-2)
        door.commit(verb, quote=quote.token, actor=owner.actor, now=NOW)


@pytest.mark.parametrize(
    "altered",
    [
        lambda _: "",
        lambda _: "x",
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: "A" + token[1:],
        lambda token: token + "=",
        lambda _: "::",
        lambda token: "ü" + token,
        lambda token: token.replace(":", ";"),
    ],
)
def test_an_altered_quote_is_refused(world: World, owner: Person, altered: Callable[[str], str]) -> None:
    verb = suspend(world.customer())
    quote = door.preview(verb, actor=owner.actor, now=NOW)
    with pytest.raises(QuoteExpired):
        door.commit(verb, quote=altered(quote.token), actor=owner.actor, now=NOW)


def test_a_quote_serves_nobody_else_and_nothing_else(
    world: World, other_world: World, team: Team, stranger: Person
) -> None:
    customer = world.customer()
    world.subscription(customer=customer)
    verb = suspend(customer)
    token = door.preview(verb, actor=team.owner.actor, now=NOW).token
    before = everything(world)

    def refused(other: Verb, person: Person) -> None:
        with pytest.raises(QuoteExpired, match="something else"):
            door.commit(other, quote=token, actor=person.actor, now=NOW)

    refused(verb, team[Role.ADMIN])
    refused(suspend(customer, kind=HoldKind.ABUSE), team.owner)
    refused(suspend(world.customer()), team.owner)
    refused(reactivate(customer), team.owner)
    refused(suspend(other_world.customer()), stranger)
    # The same person at two partners: the quote of one is nothing at the other.
    give_role(other_world.partner, team.owner.user, Role.OWNER)
    elsewhere = Person(team.owner.user, other_world.partner, Role.OWNER)
    refused(verb, elsewhere)
    after = everything(world)
    assert {label for label in after if after[label] != before[label]} <= {"customers.Customer", "events.Event"}


def test_a_quote_of_a_person_serves_no_system(world: World, owner: Person) -> None:
    verb = suspend(world.customer())
    token = door.preview(verb, actor=owner.actor, now=NOW).token
    system = replace(owner.actor, kind=ActorKind.SYSTEM, id=uuid7())
    with pytest.raises(QuoteExpired):
        door.commit(verb, quote=token, actor=system, now=NOW)


def test_the_facts_of_namesakes_are_kept_apart(world: World, owner: Person) -> None:
    from partnerpanel.actions.suspend import Suspend
    from partnerpanel.actions.verb import Target

    one, other = world.customers(2, name="Anna Andersson")
    verb = Suspend((Target(one), Target(other)), HoldKind.MANUAL, "both")
    quote = door.preview(verb, actor=owner.actor, now=NOW)
    carry_out(suspend(one), owner)
    with pytest.raises(FactsMoved):
        door.commit(verb, quote=quote.token, actor=owner.actor, now=NOW)
