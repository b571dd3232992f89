"""Workers are killed in the middle of a renewal, as by a machine that goes away: each is charged once."""

from __future__ import annotations

import json
import random
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.conftest import Survives
from tests.faults.crashes import LATER, STEPS
from tests.faults.gateways import Tried
from tests.faults.renewals import PATH, due_renewals, progress
from tests.faults.size import FULL, RENEWALS, SEEDS
from tests.faults.workers import Nursery, wait_until
from tests.world import World

KILLS, CHUNK = 10, 10

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("seed", SEEDS)
def test_workers_killed_at_ten_random_points(
    seed: int, world: World, gateway: Tried, nursery: Nursery, survives: Survives
) -> None:
    due_renewals(world, gateway)
    # What the dead have leased waits for the end of their leases, so the last steps are not reached before.
    points = random.Random(seed).sample(range(CHUNK, 3 * (RENEWALS - KILLS * CHUNK)), KILLS)
    for point in sorted(points):
        worker = nursery.work(world, *PATH, chunk=CHUNK)
        wait_until(lambda point=point: progress(world, gateway) >= point)  # type: ignore[misc]
        assert worker.killed() == -signal.SIGKILL, "it was killed before it was done"
    survives(world, renewals=RENEWALS)


@pytest.mark.parametrize("steps", [[step] for step in STEPS] if FULL else [STEPS], ids=lambda steps: steps[0])
def test_a_crash_at_every_step_is_survived(
    steps: Sequence[str], world: World, gateway: Tried, nursery: Nursery, survives: Survives
) -> None:
    unpaid = {gateway.declines: RENEWALS // 10, "": RENEWALS // 10}
    due_renewals(world, gateway, others={gateway.loses: RENEWALS // 5, **unpaid})
    for step in steps:
        worker = nursery.work(world, *PATH, chunk=RENEWALS // 40, dies_at=step, **LATER)
        assert worker.ended() == -signal.SIGKILL, f"nobody comes to “{step}”"
    survives(world, renewals=RENEWALS - sum(unpaid.values()))


def test_there_is_no_step_at_which_nobody_crashes(
    world: World, gateway: Tried, nursery: Nursery, tmp_path: Path
) -> None:
    due_renewals(world, gateway, 8, others={gateway.loses: 2, gateway.declines: 2, gateway.asks: 2, "": 1})
    notes = tmp_path / "steps.json"
    assert nursery.work(world, *PATH, notes=str(notes), **LATER).ended() == 0
    assert set(json.loads(notes.read_text())) == set(STEPS)
