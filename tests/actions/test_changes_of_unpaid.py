"""Changes where the period that they meet is not paid, and payments that bring more than is owed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from billing.charging.states import Purpose
from billing.documents.states import PaymentSource
from billing.services.new_card import replace_card
from billing.services.pay import NothingToPay, charge_now, record_payment
from partnerpanel.actions.extend import Extend, OutsidePayment
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.change import RollbackMoney, When
from subscriptions.rules.states import Lifecycle
from tests.actions.selling import Buyer, Shop, books_balance
from tests.people import Team
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)

TRIAL = {"lifecycle": Lifecycle.TRIALING, "started_at": NOW, "trial_ends_at": NOW + timedelta(days=2)}


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def after_a_trial(shop: Shop, plan: str) -> Buyer:
    """Whose first charge, when the trial was over, was declined; by now there is another card."""
    trial: dict[str, Any] = {**TRIAL, "paid_elsewhere": False}
    buyer = shop.buyer(plan, card="sandbox_hard_decline", **trial)
    buyer.lives_until(NOW + timedelta(days=3))
    return buyer


def test_after_a_trial_the_unpaid_first_period_is_billed_anew_by_the_other_plan(shop: Shop) -> None:
    buyer = after_a_trial(shop, "Basic")
    assert buyer.invoices == [("open", "100.00")]
    buyer.changes("Business")
    assert buyer.plan == "Basic", "the card is still declined"
    assert buyer.invoices == [("void", "100.00"), ("void", "150.00"), ("open", "100.00")]
    add_good_card(shop, buyer)
    assert buyer.charged == ["100.00"]
    books_balance(shop.world)


def test_after_a_trial_the_unpaid_first_period_is_billed_anew_when_the_plan_is_rolled_back(shop: Shop) -> None:
    buyer = after_a_trial(shop, "Basic")
    buyer.rolls_back("Starter", RollbackMoney.NONE)
    assert (buyer.plan, buyer.invoices) == ("Starter", [("void", "100.00"), ("open", "40.00")])
    add_good_card(shop, buyer)
    assert buyer.charged == ["40.00"]
    books_balance(shop.world)


def test_after_the_deadline_a_free_plan_is_not_charged(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=29, card="sandbox_hard_decline")
    buyer.lives_until(NOW + timedelta(days=20))
    buyer.changes("Free", When.IMMEDIATE)
    assert (buyer.plan, buyer.row().collection) == ("Free", "delinquent")
    add_good_card(shop, buyer)
    assert buyer.charged == []
    buyer.does(Extend(buyer.target, "it is free now", days=60))
    assert (buyer.row().access, buyer.row().collection) == ("open", "current")


def test_what_an_outside_payment_brings_too_much_is_said_to_go_to_the_balance(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    payment = OutsidePayment(Money.parse("130.00", "EUR"), PaymentSource.BANK, local_date(NOW, "Europe/Berlin"))
    verb = Extend(buyer.target, "paid at the counter", days=30, payment=payment)
    shown = buyer.preview(verb)
    assert shown.planned is not None
    assert str(shown.planned.to_balance) == "30.00 EUR"
    buyer.does(verb)
    assert buyer.balance == "30.00"


def add_good_card(shop: Shop, buyer: Buyer) -> None:
    replace_card(buyer.customer, gateway="sandbox", ref="sandbox_ok", actor=shop.person.actor, now=shop.now)
    shop.world.drain("charges", "outbox", now=shop.now)


@pytest.mark.parametrize(
    "waits",
    [{"awaits_cut_over": True}, {"paused_from": NOW - timedelta(days=1)}],
    ids=["before the cut-over", "paused"],
)
def test_a_period_that_is_not_billed_is_not_paid_for_either(shop: Shop, waits: dict[str, Any]) -> None:
    buyer = shop.buyer("Basic", days_ago=29, **waits)
    shop.now = NOW + timedelta(days=3)
    paid: dict[str, Any] = {
        "amount": Money.parse("100.00", "EUR"),
        "source": PaymentSource.BANK,
        "note": "as the bank says",
    }
    with pytest.raises(NothingToPay):
        record_payment(
            buyer.subscription,
            received_on=local_date(shop.now, "Europe/Berlin"),
            actor=shop.person.actor,
            now=shop.now,
            **paid,
        )
    with pytest.raises(NothingToPay):
        charge_now(buyer.subscription, purpose=Purpose.ASKED, actor=shop.person.actor, now=shop.now)
    assert (buyer.invoices, buyer.charged) == ([], [])
