"""Credit by hand: added once, used by the next invoice, taken back as far as it is left, never below zero."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from billing.ledger.states import CreditReason
from billing.models import LedgerEntry
from billing.queries.balance import balance_page
from billing.refunds.states import RefundReason, RefundSource
from notifications.models import Message
from partnerpanel.actions import credit, money_out
from partnerpanel.actions.credit import Credit, CreditTakenBack, InvalidCredit
from partnerpanel.kernel.errors import DomainError, Forbidden, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from tests.actions.selling import Buyer, Shop, books_balance
from tests.people import Team
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def wish(amount: str = "30.00", *, note: str = "The outage in March.", tells: bool = False) -> Credit:
    return Credit(Money.parse(amount, "EUR"), CreditReason.GOODWILL, note, tells)


def gives(buyer: Buyer, amount: str = "30.00", **other: Any) -> UUID:
    shop = buyer.shop
    return credit.add_credit(buyer.customer, wish(amount, **other), key=uuid7(), actor=shop.person.actor, now=shop.now)


def takes_back(shop: Shop, entry: UUID, note: str = "Meant for somebody else.") -> Money:
    return credit.take_back_credit(entry, note=note, actor=shop.person.actor, now=shop.now)


def pays_out(buyer: Buyer, amount: str) -> None:
    shop = buyer.shop
    money_out.refund_balance(
        buyer.customer,
        amount=Money.parse(amount, "EUR"),
        source=RefundSource.BANK,
        payment_id=None,
        reason=RefundReason.REQUESTED,
        note="as asked",
        actor=shop.person.actor,
        now=shop.now,
    )


def movements(buyer: Buyer) -> list[tuple[str, str, str]]:
    """Reason, amount and note, the newest first."""
    with tenant(buyer.shop.world.id):
        page = balance_page(buyer.shop.world.id, buyer.customer, cursor=None, limit=10)
    return [(one.reason, str(one.amount.major), one.note) for one in page.rows]


def test_it_is_added_once_told_where_that_was_asked_and_used_by_the_next_invoice(shop: Shop) -> None:
    buyer, key = shop.buyer("Basic"), uuid7()
    for _ in range(2):
        given = credit.add_credit(buyer.customer, wish(tells=True), key=key, actor=shop.person.actor, now=shop.now)
        assert given == key
    gives(buyer, "5.00", note="Silently.")
    shop.world.drain()
    assert buyer.balance == "35.00"
    with tenant(shop.world.id):
        assert Message.objects.for_partner(shop.world.id).filter(kind="balance_credited").count() == 1
    buyer.lives_until(shop.now + timedelta(days=18))
    assert (buyer.charged, buyer.balance) == (["65.00"], "0.00")
    assert movements(buyer) == [
        ("applied", "-35.00", ""),
        ("granted", "5.00", "Silently."),
        ("granted", "30.00", "The outage in March."),
    ]
    books_balance(shop.world)


def test_it_is_taken_back_once_and_only_as_far_as_it_is_left(shop: Shop) -> None:
    buyer = shop.buyer("Basic")
    entry = gives(buyer)
    pays_out(buyer, "20.00")
    assert takes_back(shop, entry) == Money.parse("10.00", "EUR")
    with pytest.raises(CreditTakenBack):
        takes_back(shop, entry)
    spent = gives(buyer)
    pays_out(buyer, "30.00")
    with pytest.raises(DomainError) as refusal:
        takes_back(shop, spent)
    assert refusal.value.code == "balance_too_small"
    assert buyer.balance == "0.00"
    assert ("taken_back", "-10.00", "Meant for somebody else.") in movements(buyer)
    books_balance(shop.world)


@pytest.mark.parametrize(
    ("amount", "note", "field"),
    [("0.00", "x", "amount"), ("-1.00", "x", "amount"), ("1.00", " ", "note"), ("1.00", "x" * 501, "note")],
)
def test_what_makes_no_sense_is_refused_at_its_field(shop: Shop, amount: str, note: str, field: str) -> None:
    buyer = shop.buyer("Basic")
    with pytest.raises(InvalidCredit) as refusal:
        gives(buyer, amount, note=note)
    assert (refusal.value.code, refusal.value.field) == ("invalid_credit", field)
    assert movements(buyer) == []


def test_nobody_else_does(shop: Shop, team: Team) -> None:
    buyer = shop.buyer("Basic")
    entry = gives(buyer)
    for role in (Role.SUPPORT, Role.READ_ONLY):
        with pytest.raises(Forbidden):
            credit.add_credit(buyer.customer, wish(), key=uuid7(), actor=team[role].actor, now=shop.now)
        with pytest.raises(Forbidden):
            credit.take_back_credit(entry, note="x", actor=team[role].actor, now=shop.now)
    for call in (
        lambda: credit.add_credit(uuid7(), wish(), key=uuid7(), actor=shop.person.actor, now=shop.now),
        lambda: takes_back(shop, uuid7()),
    ):
        with pytest.raises(NotFound):
            call()


def test_two_who_spend_the_same_balance_at_once_spend_it_once(shop: Shop) -> None:
    buyer = shop.buyer("Basic")
    entry = gives(buyer)

    def spend(way: str) -> str:
        try:
            if way == "back":
                takes_back(shop, entry)
            else:
                pays_out(buyer, "30.00")
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as threads:
        found = sorted(threads.map(spend, ("back", "out")))
    assert found == ["balance_too_small", "done"]
    assert buyer.balance == "0.00"
    with tenant(shop.world.id):
        amounts = LedgerEntry.objects.for_partner(shop.world.id).values_list("amount", flat=True)
        assert sorted(amounts) == [-3_000, 3_000]
