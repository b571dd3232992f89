"""The switch that stops all charging, thrown in the middle: nothing more is charged until it is thrown back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
import time_machine
from django.test import override_settings

from billing.rules.agenda import LOOK_AGAIN
from partnerpanel.actions.charging import resume_charging, stop_charging
from partnerpanel.kernel.clock import system_now
from tests.faults.conftest import Survives
from tests.faults.gateways import Tried
from tests.faults.renewals import attempts, charged, due_renewals, look
from tests.faults.size import RENEWALS
from tests.faults.workers import Nursery
from tests.people import Person
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@contextmanager
def by_the_partner(owner: Person) -> Iterator[None]:
    stop_charging(reason="the bank asked us to", actor=owner.actor, now=system_now())
    yield
    resume_charging(actor=owner.actor, now=system_now())


def for_the_installation(owner: Person) -> AbstractContextManager[object]:
    return override_settings(CHARGING_STOPPED=True)


@pytest.mark.parametrize("stopped", [by_the_partner, for_the_installation])
def test_the_switch_stops_everything_at_once_and_loses_nothing(
    stopped: Callable[[Person], AbstractContextManager[object]],
    world: World,
    gateway: Tried,
    nursery: Nursery,
    owner: Person,
    survives: Survives,
) -> None:
    due_renewals(world, gateway)
    chunk = RENEWALS // 4
    nursery.work(world, "subscriptions", chunk=chunk, dies_at="subscriptions: wake charges").ended()
    nursery.work(world, "charges", chunk=chunk // 2, dies_at="charges: wake outbox").ended()
    assert (attempts(world), charged(world, gateway)) == (chunk, chunk // 2)
    with stopped(owner):
        look(world)
        look(world)
        assert (attempts(world), charged(world, gateway)) == (chunk, chunk // 2), "nobody was charged meanwhile"
    with time_machine.travel(system_now() + LOOK_AGAIN, tick=True):
        survives(world, renewals=RENEWALS)
