"""A bank may take two weeks over a debit: it is waited for, looked at now and then, and never asked for again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from billing.charging import asking
from billing.charging.worker import drain_charges
from billing.models import Payment, PaymentAttempt
from partnerpanel.embedded.stripe.account import Account
from partnerpanel.embedded.stripe.intents import settle_processing
from partnerpanel.embedded.stripe.server import Double
from partnerpanel.queues.functions import due_partners
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import Access, Collection
from tests.billing.gateway.stripe_worlds import KEY, double
from tests.faults.gateways import STRIPE, Tried
from tests.faults.renewals import due_renewals
from tests.world import World

__all__ = ["double"]

pytestmark = pytest.mark.django_db(transaction=True)
DEBIT = Tried(**{**STRIPE.__dict__, "pays": "pm_usBankAccount_processing", "connect": lambda _: None})
LONGEST = timedelta(hours=6)


@pytest.fixture
def account(double: Double, world: World) -> Account:
    """Where one renewal is being debited."""
    due_renewals(world, DEBIT, 1)
    world.drain("subscriptions", "charges", now=world.now)
    return double.accounts[KEY]


def attempt(world: World) -> PaymentAttempt:
    with tenant(world.id):
        return PaymentAttempt.objects.for_partner(world.id).select_related("subscription").get()


def looked_at_until(world: World, end: datetime) -> int:
    """Beat looks whenever the debit is due; how often that was."""
    looks = 0
    while (due_at := attempt(world).due_at) is not None and due_at <= end:
        assert due_partners("charges", now=due_at) == [world.id]
        assert world.drain("charges", now=due_at) == 1
        looks += 1
    return looks


def test_a_debit_of_two_weeks_is_waited_for_and_taken_once(account: Account, world: World) -> None:
    [intent] = account.of("payment_intent")
    assert 50 < looked_at_until(world, world.now + timedelta(days=14)) < 75
    waits = attempt(world)
    assert (waits.status, waits.parked_at, waits.settled_at) == ("processing", None, None)
    assert waits.subscription.collection == Collection.CURRENT
    assert waits.subscription.access == Access.OPEN
    settle_processing(account, intent)
    looked_at_until(world, world.now + timedelta(days=15))
    assert attempt(world).status == "succeeded"
    assert list(account.of("payment_intent")) == [intent]
    with tenant(world.id):
        assert Payment.objects.for_partner(world.id).count() == 1


def test_a_debit_that_fails_after_two_weeks_is_a_decline_of_that_day(account: Account, world: World) -> None:
    looked_at_until(world, world.now + timedelta(days=14))
    settle_processing(account, next(account.of("payment_intent")), fails=True)
    looked_at_until(world, world.now + timedelta(days=15))
    failed = attempt(world)
    assert (failed.status, failed.decline_code) == ("declined", "insufficient_funds")
    assert failed.subscription.collection == Collection.RETRYING


def test_between_two_looks_nobody_is_asked(account: Account, world: World) -> None:
    looked_at_until(world, world.now + timedelta(days=5))
    due_at = attempt(world).due_at
    assert due_at is not None
    for before in (LONGEST, timedelta(hours=1), timedelta(seconds=1)):
        assert due_partners("charges", now=due_at - before) == []
        assert world.drain("charges", now=due_at - before) == 0


def test_a_clock_that_is_put_back_does_not_make_a_debit_wait_longer_than_it_would(
    account: Account, world: World
) -> None:
    looked_at_until(world, world.now + timedelta(days=5))
    due_at = attempt(world).due_at
    assert due_at is not None
    put_back = due_at - LONGEST - timedelta(minutes=1)
    assert due_partners("charges", now=put_back) == [world.id]
    assert world.drain("charges", now=put_back) == 1


def test_where_looking_takes_long_the_rest_comes_next(
    double: Double, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "LOOK_UP_AT_ONCE", 2)
    monkeypatch.setattr(asking, "LOOK_UP_SECONDS", 0)
    due_renewals(world, DEBIT, 5)
    world.drain("subscriptions", "charges", now=world.now)
    for intent in double.accounts[KEY].of("payment_intent"):
        settle_processing(double.accounts[KEY], intent)
    later, found = world.now + timedelta(hours=1), []
    for _ in range(3):
        drain_charges(world.id, later)
        with tenant(world.id):
            rows = PaymentAttempt.objects.for_partner(world.id)
            found.append(rows.filter(status="succeeded").count())
            assert set(rows.filter(status="processing").values_list("attempts", "leased_until")) <= {(1, None)}
    assert found == [2, 4, 5]


def test_a_debit_that_the_gateway_knows_no_more_waits_for_a_person(account: Account, world: World) -> None:
    [intent] = account.of("payment_intent")
    del account.objects[intent["id"]]
    looked_at_until(world, world.now + timedelta(days=2))
    assert attempt(world).parked_at is None
    looked_at_until(world, world.now + timedelta(days=3))
    world.drain("charges", now=world.now + timedelta(days=3, hours=6))
    parked = attempt(world)
    assert parked.status == "processing"
    assert parked.last_error == "The gateway worked on this charge and knows nothing of it any more."
