"""An allowance set strictly: it holds instead of plan, add-ons and packs, at the service and in what is counted."""

from __future__ import annotations

from uuid import UUID

import pytest

from partnerpanel.actions import door
from partnerpanel.actions.bulk import control
from partnerpanel.actions.door import FactsMoved, Refused
from partnerpanel.actions.set_limit import SetLimit
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.tenancy.scope import tenant
from subscriptions.provisioning.internal import allowed_to
from subscriptions.queries.limits import limits_of
from subscriptions.queries.usage import usage_of
from subscriptions.rules.usage import AllowanceUse
from tests.actions.carry_out import carry_out, entries, everything, undo
from tests.actions.jobs import carried_out, states_of
from tests.people import Person
from tests.services.test_usage_of_allowances import buys_pack, caller, uses
from tests.threads import in_threads
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)


def limit(world: World, subscription: UUID, value: int | None, allowance: str = "calls") -> SetLimit:
    customer = world.read_subscription(subscription).customer_id
    return SetLimit((Target(customer, subscription),), allowance, value, "shares its login")


def use_of(world: World, subscription: UUID) -> AllowanceUse:
    with tenant(world.id):
        return usage_of(world.id, [subscription])[subscription][0]


def told(world: World, subscription: UUID) -> dict[str, int]:
    """What the service was told to hold strictly."""
    world.drain()
    username = world.read_account(subscription).username
    with tenant(world.id):
        terms = allowed_to(world.id, username)
    assert terms is not None
    return dict(terms.limits)


def test_it_holds_everywhere_until_it_is_lifted(world: World, owner: Person) -> None:
    id_ = caller(world)
    buys_pack(world, id_, 50)
    world.drain()
    quote = door.preview(limit(world, id_, 10), actor=owner.actor, now=NOW)
    assert [(one.before, one.after) for one in quote.effects] == [("150", "10")]
    assert [step.title for step in quote.steps] == ["Set the login to Basic (calls: exactly 10)"]
    assert quote.mails == ()
    carry_out(limit(world, id_, 10), owner)
    assert told(world, id_) == {"calls": 10}
    use = uses(world, id_, 12, "a")
    assert (use.limit, use.over, use.level, use.from_packs) == (10, 2, 100, 0)
    assert use == use_of(world, id_)
    with tenant(world.id):
        kept = limits_of(world.id, [id_])[id_]["calls"]
    assert (kept.value, kept.reason, kept.set_by, kept.set_at) == (10, "shares its login", owner.actor.id, NOW)
    with pytest.raises(Refused) as refused:
        carry_out(limit(world, id_, 10), owner)
    assert refused.value.details["reason"] == "limited_already"
    carry_out(limit(world, id_, None), owner)
    assert told(world, id_) == {}
    assert use_of(world, id_).limit == 150
    with pytest.raises(Refused):
        carry_out(limit(world, id_, None), owner)


def test_nothing_at_all_may_be_allowed(world: World, owner: Person) -> None:
    id_ = caller(world)
    carry_out(limit(world, id_, 0), owner)
    assert (use_of(world, id_).limit, use_of(world, id_).percent) == (0, 0)


def test_undo_sets_what_was_set_before(world: World, owner: Person) -> None:
    id_ = caller(world)
    carry_out(limit(world, id_, 10), owner)
    second = carry_out(limit(world, id_, 5), owner)
    [entry] = entries(second, world)
    assert (entry.kind, entry.data["limit"], entry.data["set"]) == ("subscription.limit_set", [10, 5], [10, 5])
    carry_out(undo(second, world), owner)
    with tenant(world.id):
        kept = limits_of(world.id, [id_])[id_]["calls"]
    assert (kept.value, kept.reason) == (10, "shares its login")
    assert told(world, id_) == {"calls": 10}
    with pytest.raises(Refused):
        carry_out(undo(second, world), owner)
    lifted = carry_out(limit(world, id_, None), owner)
    carry_out(undo(lifted, world), owner)
    assert use_of(world, id_).set_to == 10


def test_who_may_not_or_is_a_stranger_changes_nothing(
    world: World, owner: Person, colleague: Person, stranger: Person
) -> None:
    verb = limit(world, caller(world), 10)
    before = everything(world)
    with pytest.raises(Forbidden):
        door.preview(verb, actor=colleague.actor, now=NOW)
    with pytest.raises(NotFound):
        door.commit(verb, quote=None, actor=stranger.actor, now=NOW)
    assert everything(world) == before


def test_two_at_once_set_one(world: World, owner: Person) -> None:
    id_ = caller(world)
    tokens = {value: door.preview(limit(world, id_, value), actor=owner.actor, now=NOW).token for value in (1, 2)}
    said: list[str] = []

    def confirms(value: int) -> None:
        try:
            door.commit(limit(world, id_, value), quote=tokens[value], actor=owner.actor, now=NOW)
            said.append("done")
        except FactsMoved:
            said.append("moved")

    in_threads(lambda: confirms(1), lambda: confirms(2))
    assert sorted(said) == ["done", "moved"]


def test_all_matching_at_once_and_undone(world: World, owner: Person) -> None:
    ids = [caller(world), caller(world), world.subscription()]
    customers = [world.read_subscription(id_).customer_id for id_ in ids]
    job = carried_out(world, owner, customers, SetLimit((), "calls", 1, "too much at once"))
    assert states_of(world, job) == {"done": 2, "refused": 1}
    assert [use_of(world, id_).limit for id_ in ids[:2]] == [1, 1]
    assert told(world, ids[0]) == {"calls": 1}


def test_a_limit_set_for_many_is_undone_for_those_whose_limit_nobody_changed_since(world: World, owner: Person) -> None:
    ids = [caller(world) for _ in range(3)]
    world.drain()
    carry_out(limit(world, ids[1], 50), owner)
    customers = [world.read_subscription(id_).customer_id for id_ in ids]
    job = carried_out(world, owner, customers, SetLimit((), "calls", 1, "too much at once"))
    assert [use_of(world, id_).limit for id_ in ids] == [1, 1, 1]
    carry_out(limit(world, ids[2], 7), owner)

    back = control.undo(job, actor=owner.actor, now=NOW)
    world.drain("bulk")
    assert states_of(world, back) == {"planned": 2, "refused": 1}
    control.confirm(back, typed="", actor=owner.actor, now=NOW)
    world.drain("bulk")
    # What plan and packs give, what was set before, and what somebody set since.
    assert [use_of(world, id_).limit for id_ in ids] == [100, 50, 7]
    assert [told(world, id_) for id_ in ids] == [{}, {"calls": 50}, {"calls": 7}]

    again = control.undo(job, actor=owner.actor, now=NOW)
    world.drain("bulk")
    assert states_of(world, again) == {"refused": 3}
