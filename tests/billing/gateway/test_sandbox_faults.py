"""What SANDBOX_FAULTS says goes wrong does, for the same keys every time, and nothing else."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from billing.gateway.port import ChargeStatus, Gateway, RefundRequest, RefundStatus, charge
from billing.gateway.refusals import GatewayDown
from billing.gateway.registry import gateway_named
from billing.gateway.sandbox.faults import Faults, parsed
from partnerpanel.kernel.clock import system_now
from tests.billing.gateway.contract import PRICE
from tests.billing.gateway.test_sandbox import TERMS, taken
from tests.world import World


@pytest.fixture
def sandbox() -> Gateway:
    return gateway_named("sandbox")


def test_the_first_answer_of_the_chosen_keys_is_lost_and_the_second_arrives(
    sandbox: Gateway, world: World, settings: Settings
) -> None:
    settings.SANDBOX_FAULTS = "answers_lost=30 seed=7"
    batch = [TERMS.request(key=f"fault-{number}") for number in range(100)]
    lost = {
        one.key for one, answer in zip(batch, sandbox.charge_many(world.id, batch), strict=True) if not answer.amount
    }
    assert lost == {one.key for one in batch if Faults(answers_lost=30, seed=7).loses_answer(one.key)}
    assert 10 < len(lost) < 50
    assert {answer.status for answer in sandbox.charge_many(world.id, batch)} == {ChargeStatus.SUCCEEDED}
    assert all(taken(world.id, key) == 1 for key in lost)


def test_a_refund_whose_answer_is_lost_was_made(sandbox: Gateway, world: World, settings: Settings) -> None:
    paid = charge(sandbox, world.id, TERMS.request()).gateway_id
    settings.SANDBOX_FAULTS = "answers_lost=100"
    request = RefundRequest("lost", paid, PRICE)
    assert sandbox.refund(world.id, request).status is RefundStatus.UNKNOWN
    assert sandbox.look_up_refunds(world.id, ["lost"])["lost"].status is RefundStatus.SUCCEEDED
    assert sandbox.refund(world.id, request).status is RefundStatus.SUCCEEDED


def test_during_an_outage_nobody_can_be_asked_and_nothing_is_charged(
    sandbox: Gateway, world: World, settings: Settings
) -> None:
    request = TERMS.request()
    settings.SANDBOX_FAULTS = f"outage_until={(system_now() + timedelta(hours=1)).isoformat()}"
    for work in (
        lambda: sandbox.charge_many(world.id, [request]),
        lambda: sandbox.look_up(world.id, [request.key]),
        lambda: sandbox.refund(world.id, RefundRequest("r", "sbx_1", PRICE)),
    ):
        with pytest.raises(GatewayDown):
            work()
    settings.SANDBOX_FAULTS = f"outage_until={(system_now() - timedelta(hours=1)).isoformat()}"
    assert sandbox.look_up(world.id, [request.key]) == {}
    assert charge(sandbox, world.id, request).status is ChargeStatus.SUCCEEDED


def test_a_slow_gateway_is_slow_once_for_a_whole_batch(sandbox: Gateway, world: World, settings: Settings) -> None:
    settings.SANDBOX_FAULTS = "latency_ms=100"
    began = time.monotonic()
    sandbox.charge_many(world.id, [TERMS.request() for _ in range(20)])
    assert 0.1 <= time.monotonic() - began < 1


def test_which_answers_are_lost_depends_on_seed_and_key_alone() -> None:
    keys = [f"key-{number}" for number in range(1_000)]
    one, again, other = (
        [key for key in keys if Faults(answers_lost=20, seed=seed).loses_answer(key)] for seed in (1, 1, 2)
    )
    assert one == again != other
    assert 150 < len(one) < 250
    assert not any(Faults().loses_answer(key) for key in keys)
    assert all(Faults(answers_lost=100).loses_answer(key) for key in keys)


@pytest.mark.parametrize(
    "text",
    [
        "answers_lost",
        "answers_lost=101",
        "answers_lost=-1",
        "answers_lost=0.5",
        "latency_ms=60001",
        "outage_until=soon",
        "outage_until=2026-03-09T00:00",
        "gremlins=1",
    ],
)
def test_a_word_that_says_nothing_is_named(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=text.partition("=")[0]):
        parsed(f"seed=1 {text}")
