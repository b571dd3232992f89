"""Some renewals fail whenever they are worked on: five times, then they wait for a person. All others go on."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from billing.charging import settle
from billing.charging import worker as charging
from billing.collection import worker
from billing.models import PaymentAttempt
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.tasks import drain_partner
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription
from tests.faults.conftest import Survives
from tests.faults.gateways import Tried
from tests.faults.oracle import renewed
from tests.faults.renewals import due_renewals, look
from tests.faults.size import RENEWALS
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]


def test_a_poison_row_is_parked_after_five_attempts_while_the_others_flow(
    world: World, gateway: Tried, survives: Survives, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One cannot be planned, the charge of one cannot be settled, and one is for a gateway that is there no more."""
    unplanned, unsettled, unasked, *others = due_renewals(world, gateway)
    # What is worked on together with poison is worked on alone.
    monkeypatch.setattr(worker, "CHUNK", 20)
    monkeypatch.setattr(charging, "BATCH", 20)
    breaks(monkeypatch, worker, "plan_step", lambda facts, *_: facts.subscription_id == unplanned)
    breaks(monkeypatch, settle, "_plan", lambda row, *_: row.subscription_id == unsettled)
    drain_partner("subscriptions", world.id, seconds=math.inf)
    with tenant(world.id):
        PaymentAttempt.objects.for_partner(world.id).filter(subscription=unasked).update(gateway="gone")
    with time_machine.travel(system_now(), tick=True) as clock:
        look(world)
        assert renewed(world) == len(others), "nobody waited for them"
        for wait in WAITS:
            clock.shift(wait + timedelta(seconds=1))
            look(world)
        survives(world, renewals=RENEWALS - 3)
    with tenant(world.id):
        step = Subscription.objects.for_partner(world.id).get(parked_at__isnull=False)
        assert (step.pk, step.attempts, step.last_error) == (unplanned, 5, "RuntimeError: poison")
        charges = PaymentAttempt.objects.for_partner(world.id).filter(parked_at__isnull=False)
        assert {row.subscription_id: (row.attempts, row.last_error.split(":")[0]) for row in charges} == {
            unsettled: (5, "RuntimeError"),
            unasked: (5, "UnknownGateway"),
        }


def breaks(patch: pytest.MonkeyPatch, module: Any, name: str, is_poison: Callable[..., bool]) -> None:
    """From now on the function raises whenever it is given poison."""
    whole = getattr(module, name)

    def broken(*args: Any, **kwargs: Any) -> Any:
        if is_poison(*args):
            raise RuntimeError("poison")
        return whole(*args, **kwargs)

    patch.setattr(module, name, broken)
