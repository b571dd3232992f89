"""Two people do something to the same subscription at the same moment: it ends as if one had come after the other.

A charge is two steps, the intent and the answer, and what others do may lie between them; that is an order as well.
RANDOM_PAIRS sets how many pairs are tried; a failure names its dice.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from billing.charging.models import PaymentAttempt
from billing.models import Balance, CreditNote, CreditNoteLine, Invoice, InvoiceLine, Payment
from partnerpanel.actions import door
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Change, Hold, Term
from tests.actions.selling import Buyer, Shop, books_balance
from tests.actions.two_people import PEOPLE, Doing
from tests.people import Team
from tests.scenarios.promises import keeps_its_promises
from tests.threads import in_threads
from tests.world import NOW, World

PAIRS = int(os.environ.get("RANDOM_PAIRS", "20"))
AT_A_TIME = 5
THEN = NOW + timedelta(days=1)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

Prepare = Callable[[Shop], Buyer]


def _paid(shop: Shop) -> Buyer:
    return shop.buyer("Basic", days_ago=11)


def _due(shop: Shop) -> Buyer:
    """The renewal is due just now."""
    return shop.buyer("Basic", days_ago=29)


def _changed(shop: Shop) -> Buyer:
    buyer = shop.buyer("Basic", days_ago=11)
    buyer.changes("Business")
    return buyer


def _agreed(shop: Shop) -> Buyer:
    """The renewal that is due brings another plan."""
    buyer = shop.buyer("Basic", days_ago=29)
    buyer.changes("Starter")
    return buyer


def _declining(shop: Shop) -> Buyer:
    return shop.buyer("Basic", days_ago=11, card="sandbox_hard_decline")


def _unpaid(shop: Shop) -> Buyer:
    buyer = shop.buyer("Basic", days_ago=29, card="sandbox_hard_decline")
    buyer.lives_until(THEN)
    return buyer


def _awaiting(shop: Shop) -> Buyer:
    """A change waits for its payment; there is no card."""
    buyer = shop.buyer("Basic", days_ago=11, card="")
    buyer.changes("Business")
    return buyer


SITUATIONS: Sequence[Prepare] = (_paid, _paid, _due, _due, _changed, _agreed, _declining, _unpaid, _awaiting)
# The steps of the two, in every order that keeps each one's own.
ORDERS = ("aabb", "bbaa", "abba", "baab", "abab", "baba")


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


@pytest.mark.parametrize("seed", range(-(-PAIRS // AT_A_TIME)))
def test_of_two_at_once_one_comes_after_the_other(seed: int, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)
    for _ in range(AT_A_TIME):
        prepare, names = dice.choice(SITUATIONS), _two(dice)
        buyer, doings = _meet(shop, prepare, names)
        found = (tuple(in_threads(*doings)), _settled(buyer))
        keeps_its_promises(shop.world.id, THEN)
        orders = {}
        for order in ORDERS:
            orders[order] = _in_order(shop, prepare, names, order, monkeypatch)
            if orders[order] == found:
                break
        else:
            pytest.fail(f"dice {seed}, {prepare.__name__}: {names} found {found}\n{orders}")
    books_balance(shop.world)


def _two(dice: random.Random) -> list[str]:
    """Anybody, but not two who undo: a suspension is undone once."""
    first = dice.choice(list(PEOPLE))
    return [first, dice.choice([name for name in PEOPLE if name != "undoes" or first != "undoes"])]


def _meet(shop: Shop, prepare: Prepare, names: Sequence[str]) -> tuple[Buyer, list[Doing]]:
    """A subscription in that situation, and two who have looked at it."""
    shop.now = NOW
    buyer = prepare(shop)
    shop.now = THEN
    return buyer, [PEOPLE[name](buyer) for name in names]


def _in_order(
    shop: Shop, prepare: Prepare, names: Sequence[str], order: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[tuple[str, ...], Any]:
    buyer, doings = _meet(shop, prepare, names)
    said, begun = ["", ""], set()
    with monkeypatch.context() as patch:
        # Who confirms leaves the charge to the second step.
        patch.setattr(door, "ask_now", lambda *_, **__: {})
        for who in ("ab".index(letter) for letter in order):
            if who in begun:
                doings[who].goes_on()
            else:
                said[who] = doings[who].begins()
                begun.add(who)
    return tuple(said), _settled(buyer)


def _settled(buyer: Buyer) -> Any:
    """How everything stands when all that was due has happened, without ids and numbers."""
    shop = buyer.shop
    while shop.world.drain("subscriptions", "charges", "outbox", "provisioning", now=THEN):
        pass
    row = buyer.row()
    with tenant(shop.world.id):
        mine = {"partner_id": shop.world.id, "subscription": row.pk}
        found = {
            "terms": Term.objects.filter(**mine).values_list("number", "starts_on", "ends_on", "granted_days"),
            "invoices": Invoice.objects.filter(**mine).values_list(
                "kind", "status", "term_number", "total_amount", "credit_amount", "paid_amount"
            ),
            "lines": InvoiceLine.objects.filter(invoice__subscription=row.pk).values_list("kind", "text", "amount"),
            "notes": CreditNote.objects.filter(**mine).values_list("reason", "total_amount"),
            "noted": CreditNoteLine.objects.filter(credit_note__subscription=row.pk).values_list("kind", "amount"),
            "attempts": PaymentAttempt.objects.filter(**mine).values_list("status", "amount"),
            "payments": Payment.objects.filter(invoice__subscription=row.pk).values_list("source", "amount"),
            "changes": Change.objects.filter(**mine).values_list("kind", "state"),
            "holds": Hold.objects.filter(customer=buyer.customer).values_list("kind", "released_at"),
            "balance": Balance.objects.filter(customer=buyer.customer).values_list("amount"),
        }
        rows = {name: sorted(map(repr, values)) for name, values in found.items()}
    columns = ("lifecycle", "collection", "access", "anchor_on", "price_amount", "cancel_at_period_end", "due_at")
    return rows | {name: getattr(row, name) for name in columns} | {"plan": row.plan.name}
