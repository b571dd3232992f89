"""A price is announced while it is changed, renewed or announced otherwise: some order of the two is what holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from partnerpanel.actions import door
from partnerpanel.actions.announce_price import AnnouncePrice
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.change import When
from tests.actions.selling import Buyer, Shop, books_balance
from tests.people import Person
from tests.threads import in_threads
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


@pytest.fixture
def shop(world: World, owner: Person) -> Shop:
    return Shop(world, owner)


def announcement(buyer: Buyer, price: int, from_on: date = date(2026, 5, 1)) -> AnnouncePrice:
    plan = buyer.shop.plans["Basic"]
    return AnnouncePrice(buyer.target, plan, (Money(price, "EUR"),), from_on, notice_days=0)


def confirming(buyer: Buyer, verb: Verb) -> Callable[[], str]:
    """Confirms what it has seen; “done”, or the code of the refusal."""
    person, now = buyer.shop.person, buyer.shop.now
    quote = door.preview(verb, actor=person.actor, now=now)

    def tried() -> str:
        try:
            door.commit(verb, quote=quote.token, actor=person.actor, now=now)
        except DomainError as error:
            return error.code
        return "done"

    return tried


def test_of_two_who_announce_one_is_told_what_the_other_did(shop: Shop) -> None:
    for _ in range(ROUNDS):
        buyer = shop.buyer()
        prices = (12000, 13000)
        said = in_threads(*(confirming(buyer, announcement(buyer, price)) for price in prices))
        assert sorted(said) == ["done", "facts_moved"]
        assert buyer.row().next_price_amount == prices[said.index("done")]


def test_a_change_of_plan_at_the_same_moment_leaves_no_price_of_the_old_plan(shop: Shop) -> None:
    for _ in range(ROUNDS):
        buyer = shop.buyer()
        verbs = (announcement(buyer, 12000), buyer.to("Business", When.IMMEDIATE))
        said = in_threads(*(confirming(buyer, verb) for verb in verbs))
        assert sorted(said) == ["done", "facts_moved"]
        shop.world.drain(now=shop.now)
        row = buyer.row()
        assert (row.plan.name, row.next_price_amount) == (("Basic", 12000) if said[0] == "done" else ("Business", None))
    books_balance(shop.world)


def test_a_renewal_at_the_same_moment_costs_the_old_price(shop: Shop, world: World) -> None:
    for _ in range(ROUNDS):
        buyer = shop.buyer()
        due = buyer.row().due_at
        assert due is not None
        shop.now = NOW + timedelta(days=19)
        announce = confirming(buyer, announcement(buyer, 12000))

        def renew() -> str:
            world.drain("subscriptions", "charges", now=shop.now)
            return "renewed"

        said = in_threads(announce, renew)
        world.drain("subscriptions", "charges", "outbox", now=shop.now)
        assert said[0] in ("done", "facts_moved", "refused")
        assert set(buyer.charged) == {"100.00"}
        assert len(buyer.charged) == 1
        assert buyer.row().next_price_amount == (12000 if said[0] == "done" else None)
        shop.now = NOW
    books_balance(world)
