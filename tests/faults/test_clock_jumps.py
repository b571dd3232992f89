"""The system's clock is put back by an hour, or ahead: nothing waits for a time that was to come."""

from __future__ import annotations

import signal
from datetime import timedelta

import pytest
import time_machine

from partnerpanel.kernel.clock import system_now
from tests.faults.conftest import Survives
from tests.faults.gateways import Tried
from tests.faults.renewals import due_renewals
from tests.faults.size import RENEWALS
from tests.faults.workers import Nursery
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("by", [timedelta(hours=-1), timedelta(hours=1)], ids=["an hour back", "an hour ahead"])
def test_a_clock_that_jumps_holds_nothing_up(
    by: timedelta, world: World, gateway: Tried, nursery: Nursery, survives: Survives
) -> None:
    """Some charges were not asked for yet, some had lost their answer, and some were leased by a worker that died."""
    due_renewals(world, gateway)
    with gateway.failing("answers_lost=20 seed=7"):
        nursery.work(world, "subscriptions").ended()
        for step in ("committed after update invoice", "after charge_many", "before charge_many"):
            worker = nursery.work(world, "charges", chunk=RENEWALS // 5, dies_at=f"charges: {step}")
            assert worker.ended() == -signal.SIGKILL
        with time_machine.travel(system_now() + by, tick=True):
            survives(world, renewals=RENEWALS)
