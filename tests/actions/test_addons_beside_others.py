"""Add-ons while something else happens: bought twice at once, rolled back with a plan, moved with a billing date."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partnerpanel.actions import door
from partnerpanel.actions.addons import AddAddon
from partnerpanel.actions.billing_dates import MoveBillingDate
from partnerpanel.actions.door import FactsMoved, Refused
from partnerpanel.kernel.errors import DomainError
from partnerpanel.policy.rules.change import RollbackMoney
from subscriptions.rules.addons import AddonKind
from tests.actions.selling import Buyer, Shop, books_balance
from tests.actions.test_addons import held, lines, sells
from tests.people import Team
from tests.threads import in_threads
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def with_number(shop: Shop) -> Buyer:
    """Basic with 18 of 30 days left, and an add-on of 10.00 for them."""
    buyer = shop.buyer("Basic")
    buyer.does(AddAddon(buyer.target, sells(shop)))
    assert buyer.charged == ["6.00"]
    return buyer


def test_of_two_packs_bought_at_once_each_is_paid_or_nothing_was_done(shop: Shop) -> None:
    pack = sells(shop, "1000 calls", "25.00", kind=AddonKind.PACK, interval=None, calls=1000)
    buyer, actor = shop.buyer("Basic"), shop.person.actor
    verb = AddAddon(buyer.target, pack)
    tokens = [door.preview(verb, actor=actor, now=shop.now).token for _ in range(2)]
    said: list[str] = []

    def confirms(at: int) -> None:
        try:
            door.commit(verb, quote=tokens[at], actor=actor, now=shop.now)
            said.append("done")
        except (FactsMoved, Refused, DomainError):
            said.append("moved")

    in_threads(lambda: confirms(0), lambda: confirms(1))
    shop.world.drain(now=shop.now)
    assert sorted(said) == ["done", "moved"]
    assert (held(buyer), buyer.charged) == ([("1000 calls", 1)], ["25.00"])
    buyer.does(verb)
    assert (held(buyer), buyer.charged) == ([("1000 calls", 1), ("1000 calls", 1)], ["25.00", "25.00"])
    books_balance(shop.world)


def test_a_rollback_leaves_the_add_on_as_the_change_found_it(shop: Shop) -> None:
    buyer = with_number(shop)
    shop.now += timedelta(days=9)
    buyer.changes("Business")
    assert buyer.charged == ["6.00", "127.00"]
    buyer.rolls_back("Basic", RollbackMoney.REVERSE_CHANGE)
    assert held(buyer) == [("Number", 1)]
    assert buyer.balance == "127.00"
    books_balance(shop.world)
    buyer.lives_until(shop.now + timedelta(days=9))
    assert lines(buyer) == [("plan", "Basic", "100.00"), ("addon", "Number", "10.00")]
    books_balance(shop.world)


@pytest.mark.parametrize(("days", "charged", "balance"), [(6, ["6.00", "22.00"], "0"), (-6, ["6.00"], "22.00")])
def test_a_billing_date_moves_the_add_on_with_the_plan(shop: Shop, days: int, charged: list[str], balance: str) -> None:
    buyer = with_number(shop)
    [(_begins, ends)] = buyer.terms
    buyer.does(MoveBillingDate(buyer.target, ends + timedelta(days=days)))
    assert (buyer.charged, buyer.balance) == (charged, balance)
    books_balance(shop.world)
    buyer.lives_until(shop.now + timedelta(days=18 + days))
    assert lines(buyer) == [("plan", "Basic", "100.00"), ("addon", "Number", "10.00")]
    assert held(buyer) == [("Number", 1)]
    books_balance(shop.world)
