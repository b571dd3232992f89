"""What the books say in the end does not depend on when webhooks come, how often, or whether at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from billing.gateway.stripe.endpoints import make_endpoint
from billing.models import Dispute, GatewayNews, Payment, PaymentAttempt, PaymentReversal, Refund
from billing.reconciliation.compare import reconcile
from partnerpanel.actions import door
from partnerpanel.actions import refund as verbs
from partnerpanel.actions.verb import Target
from partnerpanel.embedded.stripe.account import Account
from partnerpanel.embedded.stripe.intents import authenticate, settle_processing
from partnerpanel.embedded.stripe.post import Post
from partnerpanel.embedded.stripe.returns import move_dispute, settle_refund
from partnerpanel.embedded.stripe.server import Double
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.scope import tenant
from tests.billing.gateway.stripe_worlds import KEY, double, put
from tests.faults.gateways import SANDBOX, Tried
from tests.faults.renewals import due_renewals
from tests.people import Team
from tests.scenarios.promises import money_is_right
from tests.world import World

__all__ = ["double"]

VISA, LOST, BANK = "pm_card_visa", "pm_card_answerLost", "pm_usBankAccount_processing"
ASKS, DISPUTED, PENDING, DECLINED = (
    "pm_card_authenticationRequired",
    "pm_card_createDispute",
    "pm_card_pendingRefund",
    "pm_card_chargeDeclinedInsufficientFunds",
)
CARDS = {VISA: 3, LOST: 2, BANK: 3, ASKS: 2, DISPUTED: 3, PENDING: 3, DECLINED: 1}

# Where everything stands once Stripe has told all of it.
IN_THE_END = {
    "attempts": {
        (VISA, "succeeded"): 3,
        (LOST, "succeeded"): 2,
        (BANK, "succeeded"): 2,
        (BANK, "declined"): 1,
        (ASKS, "succeeded"): 1,
        (ASKS, "action_required"): 1,
        (DISPUTED, "succeeded"): 3,
        (PENDING, "succeeded"): 3,
        (DECLINED, "declined"): 1,
    },
    "payments": 14,
    "refunds": {"succeeded": 1, "failed": 1, "pending": 1},
    "disputes": {"needs_response": 1, "under_review": 1, "lost": 1},
    "reversals": 1,
}


@dataclass
class Told:
    """A partner whose Stripe has much to tell: charges that end later, refunds, disputes."""

    world: World
    account: Account

    def works(self) -> None:
        self.world.drain("news", now=system_now())

    def compared(self) -> None:
        now = system_now()
        reconcile(self.world.id, since=now - timedelta(hours=1), now=now)

    def stands(self) -> dict[str, Any]:
        with tenant(self.world.id):
            money_is_right(self.world.id)
            attempts = PaymentAttempt.objects.for_partner(self.world.id).values_list("method_ref", "status")
            return {
                "attempts": dict(Counter(attempts)),
                "payments": Payment.objects.for_partner(self.world.id).count(),
                "refunds": dict(Counter(Refund.objects.for_partner(self.world.id).values_list("status", flat=True))),
                "disputes": dict(Counter(Dispute.objects.for_partner(self.world.id).values_list("status", flat=True))),
                "reversals": PaymentReversal.objects.for_partner(self.world.id).count(),
            }


@pytest.fixture
def told(double: Double, world: World, team: Team) -> Told:
    make_endpoint(actor=world.system, now=world.now)
    stripe = Tried(**{**SANDBOX.__dict__, "name": "stripe", "pays": VISA})
    due_renewals(world, stripe, sum(CARDS.values()), others={card: n for card, n in CARDS.items() if card != VISA})
    world.drain("subscriptions", "charges", now=world.now)
    account = double.accounts[KEY]
    _pay_back(world, team)
    _go_on(account)
    return Told(world, account)


def _pay_back(world: World, team: Team) -> None:
    with tenant(world.id):
        attempts = PaymentAttempt.objects.for_partner(world.id).filter(method_ref=PENDING)
        paid = [
            (Target(row.customer_id, row.subscription_id), Payment.objects.for_partner(world.id).get(attempt_id=row.pk))
            for row in attempts
        ]
    for target, payment in paid:
        verb = verbs.Refund((target,), payment.pk, verbs.RefundHow.FULL, reason=verbs.RefundReason.REQUESTED)
        door.commit(verb, quote=None, actor=team.owner.actor, now=world.now)


def _go_on(account: Account) -> None:
    """What banks and customers do in the days that follow."""
    first, second, third = account.of("payment_intent", status="processing")
    settle_processing(account, first)
    settle_processing(account, second)
    settle_processing(account, third, fails=True)
    authenticate(account, next(account.of("payment_intent", status="requires_action")))
    one, other, _ = account.of("dispute")
    for dispute, states in ((one, ("under_review", "lost")), (other, ("under_review",))):
        for state in states:
            move_dispute(account, dispute, state)
    one, other, _ = account.of("refund")
    settle_refund(account, one)
    settle_refund(account, other, fails=True)


def in_order(told: Told) -> None:
    Post(put).deliver(told.account)
    told.works()


def shuffled_three_times_and_worked_on_one_by_one(told: Told) -> None:
    def put_and_work(*letter: Any) -> int:
        answered = put(*letter)
        told.works()
        return answered

    Post(put_and_work, times=3, shuffles=True, seed=4).deliver(told.account)


def a_tenth_three_days_late(told: Told) -> None:
    post = Post(put, shuffles=True, late=0.1, seed=2)
    post.deliver(told.account)
    told.works()
    with time_machine.travel(system_now() + timedelta(days=3), tick=True):
        assert post.deliver_late() > 2
        told.works()


def some_never(told: Told) -> None:
    """One in a hundred; here so many that each kind is among them."""
    sent = Post(put, lost=0.4, seed=5).deliver(told.account)
    assert sent < len(list(told.account.of("event"))) * 0.8
    told.works()
    assert told.stands() != IN_THE_END
    told.compared()


@pytest.mark.parametrize(
    "happens",
    [in_order, shuffled_three_times_and_worked_on_one_by_one, a_tenth_three_days_late, some_never],
)
def test_in_the_end_it_is_the_same(told: Told, happens: Callable[[Told], None]) -> None:
    happens(told)
    assert told.stands() == IN_THE_END
    assert len(list(told.account.of("payment_intent", status="succeeded"))) == IN_THE_END["payments"]
    with tenant(told.world.id):
        assert not GatewayNews.objects.for_partner(told.world.id).filter(state="waiting").exists()
