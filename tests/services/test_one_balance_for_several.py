"""Subscriptions of one customer that are billed at once draw on one balance, and each of its cents is spent once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import structlog

from billing.collection import worker
from billing.ledger.states import CreditReason
from billing.models import Invoice
from partnerpanel.actions import credit
from partnerpanel.actions.credit import Credit
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.scope import tenant
from tests.actions.selling import Buyer, Shop, books_balance
from tests.people import Team
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def has(buyer: Buyer, balance: str) -> None:
    shop, wish = buyer.shop, Credit(Money.parse(balance, "EUR"), CreditReason.GOODWILL, "The outage in March.", False)
    credit.add_credit(buyer.customer, wish, key=uuid7(), actor=shop.person.actor, now=shop.now)


def buys_another(buyer: Buyer, plan: str) -> Buyer:
    shop = buyer.shop
    began: dict[str, Any] = {"started_at": shop.now - timedelta(days=12), "paid_elsewhere": True}
    other = shop.world.subscription(customer=buyer.customer, plan_id=shop.plans[plan], **began)
    shop.world.drain()
    return Buyer(shop, buyer.customer, other)


def renews(shop: Shop) -> list[str]:
    """Everything due in the next thirty days, at once; what was logged as an error meanwhile."""
    shop.now += timedelta(days=18)
    with structlog.testing.capture_logs() as logged:
        worker.drain_subscriptions(shop.world.id, shop.now)
        shop.world.drain("subscriptions", "charges", "outbox", now=shop.now)
    return [line["event"] for line in logged if line["log_level"] == "error"]


def taken(shop: Shop, *buyers: Buyer) -> list[tuple[str, str]]:
    """What each one's invoices took from the balance, and what was charged for the rest."""
    with tenant(shop.world.id):
        rows = [Invoice.objects.for_partner(shop.world.id).get(subscription=one.subscription) for one in buyers]
    assert {row.status for row in rows} == {"paid"}
    return sorted((str(row.credit_amount), "".join(one.charged)) for row, one in zip(rows, buyers, strict=True))


def test_three_that_renew_at_once_share_what_there_is(shop: Shop) -> None:
    first = shop.buyer("Starter")
    others = [buys_another(first, plan) for plan in ("Starter", "Starter")]
    has(first, "50.00")
    assert renews(shop) == []
    assert taken(shop, first, *others) == [("0", "40.00"), ("1000", "30.00"), ("4000", "")]
    assert first.balance == "0.00"
    books_balance(shop.world)


def test_a_balance_that_lasts_for_all_pays_all(shop: Shop) -> None:
    first = shop.buyer("Starter")
    second = buys_another(first, "Basic")
    has(first, "150.00")
    assert renews(shop) == []
    assert taken(shop, first, second) == [("10000", ""), ("4000", "")]
    assert first.balance == "10.00"


def test_another_customers_balance_is_not_touched(shop: Shop) -> None:
    first, stranger = shop.buyer("Starter"), shop.buyer("Starter")
    second = buys_another(first, "Starter")
    has(first, "40.00")
    has(stranger, "5.00")
    assert renews(shop) == []
    assert taken(shop, first, second) == [("0", "40.00"), ("4000", "")]
    assert taken(shop, stranger) == [("500", "35.00")]
