"""PostgreSQL is killed in the middle of everything and comes back: what it confirmed it has, and nothing is lost."""

from __future__ import annotations

import pytest

from tests.faults.conftest import Survives
from tests.faults.gateways import Tried
from tests.faults.own_servers import own_postgres
from tests.faults.renewals import PATH, charged, due_renewals, progress
from tests.faults.size import RENEWALS
from tests.faults.workers import Nursery, wait_until
from tests.people import make_team
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]


def test_a_database_that_is_killed_and_recovers_loses_nothing(
    gateway: Tried, nursery: Nursery, survives: Survives
) -> None:
    with own_postgres() as server:
        world = World(make_team("eastwind").partner)
        due_renewals(world, gateway)
        for share in (0.4, 1.2, 1.7):
            worker = nursery.work(world, *PATH)
            wait_until(lambda share=share: progress(world, gateway) >= share * RENEWALS)  # type: ignore[misc]
            server.killed()
            worker.ended()
            server.comes_back()
            assert charged(world, gateway) < RENEWALS, "it was in the middle"
            assert progress(world, gateway) >= share * RENEWALS, "it kept what it had confirmed"
        survives(world, renewals=RENEWALS)
        assert charged(world, gateway) == RENEWALS
