"""Two hundred renewals while workers die, answers are lost and everybody works at once: each is charged once."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings

from billing.charging import settle, worker
from billing.charging.worker import request_of
from billing.gateway.registry import gateway_named
from billing.models import PaymentAttempt, SandboxCharge
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.functions import due_partners
from partnerpanel.queues.tasks import drain_partner
from partnerpanel.tenancy.scope import tenant
from tests.faults.oracle import Findings, examine
from tests.faults.renewals import RENEWALS, drain_money, due_renewals, let_leases_run_out, waiting
from tests.faults.test_killed_worker import start_worker
from tests.threads import in_threads
from tests.world import World

NOTHING = Findings([], [], [], [], [])

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class Killed(BaseException):
    """What a process that dies does: nothing more."""


def charged(world: World) -> int:
    with tenant(world.id):
        return SandboxCharge.objects.filter(status="succeeded").count()


def test_undisturbed_every_renewal_is_charged_once(world: World) -> None:
    due_renewals(world)
    drain_money(world)
    assert examine(world, term_number=2) == NOTHING
    assert charged(world) == RENEWALS


def test_workers_killed_at_random_points_lose_nothing_and_charge_nothing_twice(world: World) -> None:
    due_renewals(world)
    dice = random.Random(7)
    for queue in ("subscriptions", "charges", "charges", "subscriptions", "charges"):
        process = start_worker(queue, world)
        time.sleep(dice.uniform(0.02, 0.4))
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        let_leases_run_out(world)
    drain_money(world)
    assert examine(world, term_number=2) == NOTHING


# Each names the function at whose call the process dies, and on which call.
STEPS = {
    "before the gateway is asked": (worker, "_ask", "before"),
    "after the gateway has charged": (worker, "settle", "before"),
    "in the middle of the settlement": (settle, "apply", "before"),
    "after the settlement, before it commits": (settle, "apply", "after"),
}


@pytest.mark.parametrize("where", STEPS)
def test_a_crash_at_every_step_of_charging_is_survived(
    where: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    due_renewals(world, 40)
    drain_partner("subscriptions", world.id, seconds=20)
    module, name, when = STEPS[where]
    original: Callable[..., Any] = getattr(module, name)

    def dies(*args: Any, **kwargs: Any) -> None:
        if when == "after":
            original(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(module, name, dies)
        with pytest.raises(Killed):
            drain_partner("charges", world.id, seconds=20)
    let_leases_run_out(world)
    drain_money(world)
    assert examine(world, term_number=2) == NOTHING


def test_lost_answers_are_looked_up_and_never_charged_again(world: World, settings: Settings) -> None:
    settings.SANDBOX_FAULTS = "answers_lost=20 seed=7"
    due_renewals(world)
    drain_money(world)
    assert examine(world, term_number=2) == NOTHING
    assert charged(world) == RENEWALS


def test_two_beats_and_two_workers_at_once_charge_each_once(world: World) -> None:
    due_renewals(world)

    def beat_and_work() -> None:
        for queue in ("subscriptions", "charges"):
            assert world.id in due_partners(queue, now=world.now) or queue == "charges"
            drain_partner(queue, world.id, seconds=20)

    in_threads(beat_and_work, beat_and_work)
    drain_money(world)
    assert examine(world, term_number=2) == NOTHING


def test_a_sweep_that_asks_while_the_answer_settles_changes_nothing(world: World) -> None:
    due_renewals(world, 40)
    drain_partner("subscriptions", world.id, seconds=20)
    with tenant(world.id):
        rows = list(PaymentAttempt.objects.all())
    gateway = gateway_named("sandbox")
    answers = gateway.charge_many(world.id, [request_of(row) for row in rows])
    answered = [settle.Answered(row.pk, answer) for row, answer in zip(rows, answers, strict=True)]
    in_threads(*[lambda: settle.settle(world.id, answered, now=world.now)] * 3)
    assert examine(world, term_number=2) == NOTHING


def test_without_a_broker_the_sweep_finds_everything(world: World) -> None:
    due_renewals(world, 20)  # the tests' broker reaches nobody
    assert world.id in due_partners("subscriptions", now=world.now)
    drain_partner("subscriptions", world.id, seconds=20)
    assert world.id in due_partners("charges", now=system_now())
    drain_money(world)
    assert waiting(world) == 0
    assert examine(world, term_number=2) == NOTHING


def test_a_naive_charger_is_caught(world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a fresh key per try, a lost answer is a second charge: if this were not found, nothing here would prove
    anything."""
    settings.SANDBOX_FAULTS = "answers_lost=20 seed=7"

    def with_a_fresh_key(row: PaymentAttempt) -> Any:
        return replace(request_of(row), key=str(uuid7()))

    due_renewals(world, 60)
    monkeypatch.setattr(worker, "request_of", with_a_fresh_key)
    monkeypatch.setattr(worker, "_in_doubt", lambda *_: False)
    drain_money(world)
    assert examine(world, term_number=2).double_charged
