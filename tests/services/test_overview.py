"""What Home lists as needing somebody."""

from __future__ import annotations

from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.overview import unpaid
from tests.world import World


def test_those_in_grace_come_before_those_still_retried_and_those_past_it(world: World) -> None:
    for state in ("delinquent", "retrying", "in grace", "active"):
        world.subscription(state)
    with tenant(world.id):
        assert [line.status for line in unpaid(world.id)] == ["grace", "retrying", "delinquent"]
