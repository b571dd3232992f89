"""The test kit itself: every state that a subscription can begin in can be made."""

from __future__ import annotations

import pytest

from partnerpanel.tenancy.models import Role
from subscriptions.rules.states import Access
from tests.people import Person, Team
from tests.world import STATES, World


@pytest.mark.parametrize("state", STATES)
def test_a_subscription_can_begin_in_every_state(world: World, state: str) -> None:
    id_ = world.subscription(state)
    world.drain()
    row = world.read_subscription(id_)
    held = state.startswith("held") or state in ("under review", "delinquent")
    served = state not in ("scheduled", "incomplete", "ended")
    assert row.access == (Access.OPEN if served and not held and state != "paused" else Access.BLOCKED)
    assert row.is_suspended is held


def test_three_people_always_exist(owner: Person, colleague: Person, stranger: Person, team: Team) -> None:
    assert owner.partner == colleague.partner != stranger.partner
    assert {person.role for person in team.people.values()} == set(Role)
