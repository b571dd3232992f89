"""Fifty differences between the books and Stripe, of five kinds: the nightly comparison tells each, and no other."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import islice

import pytest

from billing.gateway.port import ChargeRequest
from billing.gateway.registry import gateway_named
from billing.models import Mismatch, Payment, PaymentAttempt
from billing.reconciliation.compare import reconcile
from partnerpanel.embedded.stripe.account import Account, Object
from partnerpanel.embedded.stripe.returns import refund
from partnerpanel.embedded.stripe.server import Double
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.scope import tenant
from tests.billing.gateway.stripe_worlds import KEY, double
from tests.faults.gateways import STRIPE
from tests.faults.renewals import due_renewals
from tests.world import World

__all__ = ["double"]

OF_A_KIND, UNTOUCHED = 10, 5


@pytest.fixture
def account(double: Double, world: World) -> Account:
    """45 renewals, ten of them declined, at an account that agrees with the books."""
    connected = replace(STRIPE, connect=lambda _: None)
    due_renewals(world, connected, 4 * OF_A_KIND + UNTOUCHED, others={STRIPE.declines: OF_A_KIND})
    world.drain("subscriptions", "charges", now=world.now)
    return double.accounts[KEY]


def compared(world: World) -> Counter[tuple[str, str]]:
    now = system_now()
    reconcile(world.id, since=now - timedelta(hours=1), now=now)
    with tenant(world.id):
        rows = Mismatch.objects.for_partner(world.id).filter(closed_at=None)
        return Counter(rows.values_list("difference", "gateway_id"))


def plant(account: Account, world: World) -> Counter[tuple[str, str]]:
    """Ten of each kind; what has to be told of them."""
    taken = iter(list(account.of("payment_intent", status="succeeded")))
    told: list[tuple[str, str]] = []
    for intent in islice(taken, OF_A_KIND):
        intent["amount"] += 100
        told.append(("amount", intent["id"]))
    for intent in islice(taken, OF_A_KIND):
        del account.objects[intent["id"]]
        told.append(("untaken", intent["id"]))
    for intent in islice(taken, OF_A_KIND):
        made = refund(account, {"payment_intent": intent["id"], "amount": "100"})
        told.append(("refunded", made["id"]))
    declined = list(account.of("payment_intent", status="requires_payment_method"))
    told += [("unbooked", _paid_after_all(intent)) for intent in declined]
    told += [("unbooked", id_) for id_ in _charged_by_nobody(world)]
    return Counter(told)


def _paid_after_all(intent: Object) -> str:
    """What somebody does in Stripe's dashboard."""
    intent |= {"status": "succeeded", "last_payment_error": None}
    return str(intent["id"])


def _charged_by_nobody(world: World) -> list[str]:
    """Charges that carry our marks, of attempts that the books have never had."""
    with tenant(world.id):
        customer = str(PaymentAttempt.objects.for_partner(world.id).earliest("pk").customer_id)
    ids = [str(uuid7()) for _ in range(OF_A_KIND)]
    marks = {
        "invoice": str(uuid7()),
        "subscription": str(uuid7()),
        "term": "2",
        "kind": "renewal",
        "purpose": "renewal",
    }
    requests = [ChargeRequest(id_, Money(700, "EUR"), STRIPE.pays, customer, {**marks, "attempt": id_}) for id_ in ids]
    return [answer.gateway_id for answer in gateway_named("stripe").charge_many(world.id, requests)]


def test_fifty_planted_are_fifty_told_and_none_besides(account: Account, world: World) -> None:
    assert compared(world) == Counter()
    planted = plant(account, world)
    assert len(planted) == 50
    with tenant(world.id):
        before = Payment.objects.for_partner(world.id).count()
    assert compared(world) == planted
    assert compared(world) == planted
    with tenant(world.id):
        assert Payment.objects.for_partner(world.id).count() == before
