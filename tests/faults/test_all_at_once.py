"""Everybody works on the same renewals at the same instant: each is charged once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
import time_machine

from billing.charging.at_once import ask_now
from billing.charging.settle import Answered, settle
from billing.models import PaymentAttempt
from billing.services.pay import BeingCharged, NothingToPay
from notifications.models import Message
from partnerpanel.actions import payments
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.tasks import sweep
from partnerpanel.tenancy.scope import tenant
from tests.faults.conftest import Survives
from tests.faults.gateways import Tried
from tests.faults.renewals import PATH, charged, due_renewals, look
from tests.faults.size import RENEWALS
from tests.faults.workers import Nursery
from tests.people import Person
from tests.threads import in_threads
from tests.world import World

TIMES = 200
# So many instants before everybody begins with a new connection.
IN_STEP = 20
SCHEDULERS = 4

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_two_beats_and_four_schedulers_at_once(
    world: World, gateway: Tried, nursery: Nursery, survives: Survives
) -> None:
    due_renewals(world, gateway)

    def beat() -> int:
        return sum(sweep(queue=queue) for queue in PATH for _ in range(20))

    schedulers = [nursery.work(world, *PATH, rounds=3, chunk=40) for _ in range(SCHEDULERS)]
    in_threads(beat, beat)
    assert [scheduler.ended() for scheduler in schedulers] == [0] * SCHEDULERS
    survives(world, renewals=RENEWALS)
    assert charged(world, gateway) == RENEWALS


def test_sweep_return_of_the_customer_and_retry_button_at_the_same_instant(
    world: World, gateway: Tried, owner: Person, survives: Survives
) -> None:
    """Half of the charges wait for the customer's confirmation, the others for an answer that was lost."""
    bought = list(due_renewals(world, gateway, TIMES, others={gateway.asks: TIMES // 2, gateway.loses: TIMES // 2}))
    look(world)
    open_now = under_way(world)
    assert set(open_now) == set(bought)
    with tenant(world.id):  # the sweep finds them due at once
        PaymentAttempt.objects.for_partner(world.id).update(due_at=world.now)

    def sweeps(row: PaymentAttempt) -> str:
        ask_now(world.id, [row.pk], now=system_now())
        return "swept"

    def returns(row: PaymentAttempt) -> str:
        if not row.gateway_id:
            return "has nothing to confirm"
        answer = gateway.confirm(world.id, row.gateway_id)
        return f"settled {settle(world.id, [Answered(row.pk, answer)], now=system_now())}"

    def retries(row: PaymentAttempt) -> str:
        try:
            payments.charge_now(row.subscription_id, term_number=2, actor=owner.actor, now=system_now())
        except (BeingCharged, NothingToPay) as refusal:
            return refusal.code
        return "charged again"

    rows = [open_now[id_] for id_ in bought]
    told = Counter(outcome for turn in in_step(rows, sweeps, returns, retries) for outcome in turn)
    assert told["swept"] == TIMES
    assert told["settled 0"] + told["settled 1"] == TIMES // 2
    assert told["being_charged"] + told["nothing_to_pay"] == TIMES, "whoever pressed was told why not"
    survives(world, renewals=TIMES, of=TIMES)
    assert charged(world, gateway) == TIMES


def under_way(world: World) -> dict[UUID, PaymentAttempt]:
    with tenant(world.id):
        return {
            row.subscription_id: row for row in PaymentAttempt.objects.for_partner(world.id).filter(settled_at=None)
        }


def in_step(rows: Sequence[PaymentAttempt], *work: Callable[[PaymentAttempt], str]) -> list[list[str]]:
    """Everybody does their work on the first row at the same instant, then on the second, and so on."""
    gate = threading.Barrier(len(work))

    def goes(one: Callable[[PaymentAttempt], str], some: Sequence[PaymentAttempt]) -> list[str]:
        found = []
        for row in some:
            gate.wait(30)
            found.append(one(row))
        return found

    parts = [rows[start : start + IN_STEP] for start in range(0, len(rows), IN_STEP)]
    return [told for some in parts for told in in_threads(*[partial(goes, one, some) for one in work])]


def test_a_confirmation_of_which_nobody_told_us_is_found(world: World, gateway: Tried, survives: Survives) -> None:
    """The customer confirmed, and closed the browser before it came back to us."""
    due_renewals(world, gateway, TIMES, others={gateway.asks: TIMES // 2})
    look(world)
    waiting = under_way(world).values()
    assert len(waiting) == TIMES // 2
    for row in waiting:
        gateway.confirm(world.id, row.gateway_id)
    with time_machine.travel(system_now() + PaymentAttempt.longest_wait, tick=True):
        survives(world, renewals=TIMES, of=TIMES)


def test_a_charge_that_nobody_confirms_comes_to_a_person(world: World, gateway: Tried) -> None:
    due_renewals(world, gateway, 2, others={gateway.asks: 1})
    with time_machine.travel(system_now(), tick=True) as clock:
        look(world)
        clock.shift(timedelta(days=3, minutes=15))
        look(world)
    [row] = under_way(world).values()
    assert row.parked_at
    assert row.last_error == "The customer has not confirmed this charge."
    with tenant(world.id):
        kinds = Message.objects.for_partner(world.id).values_list("kind", flat=True)
        assert list(kinds).count("subscription_payment_needs_confirmation") == 1
