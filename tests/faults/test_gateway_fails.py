"""The gateway loses answers, is away, and then takes no more than so many a second: nobody is charged twice for it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from billing.charging import asking
from billing.charging.asking import request_of
from billing.models import PaymentAttempt
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.scope import tenant
from tests.faults.conftest import Survives
from tests.faults.gateways import Tried
from tests.faults.oracle import examine
from tests.faults.renewals import attempts, charged, comes_to_rest, due_renewals, look
from tests.faults.size import RENEWALS
from tests.world import World

LOST = "answers_lost=20 seed=7"
OUTAGE, LOOKS = timedelta(hours=2), timedelta(minutes=5)

EVERY_GATEWAY = True

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_undisturbed_every_renewal_is_charged_once(world: World, gateway: Tried, survives: Survives) -> None:
    due_renewals(world, gateway)
    survives(world, renewals=RENEWALS)
    assert charged(world, gateway) == RENEWALS


def test_lost_answers_are_asked_for_again_and_never_charged_again(
    world: World, gateway: Tried, survives: Survives
) -> None:
    due_renewals(world, gateway)
    with gateway.failing(LOST):
        look(world)
        assert RENEWALS * 0.7 < payments(world) < RENEWALS * 0.9 < charged(world, gateway) == RENEWALS
        survives(world, renewals=RENEWALS)
    assert charged(world, gateway) == RENEWALS


def test_a_gateway_that_is_away_for_two_hours_and_then_limits_its_rate(
    world: World, gateway: Tried, survives: Survives
) -> None:
    due_renewals(world, gateway)
    begun = system_now()
    with time_machine.travel(begun, tick=True) as clock:
        with gateway.failing(f"outage_until={(begun + OUTAGE).isoformat()}"):
            while system_now() < begun + OUTAGE - LOOKS:
                look(world)
                clock.shift(LOOKS)
            assert (attempts(world), charged(world, gateway)) == (RENEWALS, 0)
        clock.move_to(begun + OUTAGE)
        with gateway.failing("charges_a_second=25"):
            survives(world, renewals=RENEWALS)
    with tenant(world.id):
        # Nobody could be asked, so nothing was counted and nobody was put into doubt.
        assert set(PaymentAttempt.objects.for_partner(world.id).values_list("status", "attempts")) == {("succeeded", 1)}


def test_a_naive_charger_is_caught(world: World, gateway: Tried, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a fresh key per try, a lost answer is a second charge: if this were not found, nothing here would prove
    anything."""

    def with_a_fresh_key(row: PaymentAttempt) -> Any:
        return replace(request_of(row), key=str(uuid7()))

    due_renewals(world, gateway)
    monkeypatch.setattr(asking, "request_of", with_a_fresh_key)
    monkeypatch.setattr(asking, "_is_unknown", lambda _: False)
    with gateway.failing(LOST), suppress(AssertionError):  # it doubts without an end
        comes_to_rest(world)
    findings = examine(world, gateway)
    assert RENEWALS * 0.1 < len(findings.double_charged) < RENEWALS * 0.3
    assert findings.unbooked


def payments(world: World) -> int:
    with tenant(world.id):
        return PaymentAttempt.objects.for_partner(world.id).filter(status="succeeded").count()
