"""Refunds at the very same time as other things: never more than was paid, and every one with its document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from billing.gateway.sandbox.gateway import SandboxGateway
from billing.models import PaymentReturn, Refund
from partnerpanel.actions import door
from partnerpanel.actions.refund import RefundHow
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.errors import DomainError
from partnerpanel.queues.registry import queue_named
from partnerpanel.tenancy.scope import tenant
from tests.actions.selling import Buyer, Shop, books_balance
from tests.actions.test_refund import journal, refund, renewed, rows
from tests.people import Team
from tests.scenarios.promises import keeps_its_promises
from tests.threads import in_threads
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def confirms(shop: Shop, verb: Verb) -> Callable[[], str]:
    token = door.preview(verb, actor=shop.person.actor, now=shop.now).token

    def one() -> str:
        try:
            door.commit(verb, quote=token, actor=shop.person.actor, now=shop.now)
        except DomainError as refused:
            return refused.code
        return "done"

    return one


def refunded(shop: Shop) -> int:
    with tenant(shop.world.id):
        return sum(PaymentReturn.objects.for_partner(shop.world.id).values_list("refunded", flat=True))


def test_two_full_refunds_at_once_are_one(shop: Shop) -> None:
    buyer = renewed(shop)
    said = in_threads(confirms(shop, refund(buyer)), confirms(shop, refund(buyer)))
    assert sorted(said) == ["done", "facts_moved"]
    assert journal(shop.world) == [("succeeded", 10_000)]
    assert refunded(shop) == 10_000
    books_balance(shop.world)


def test_parts_at_once_without_a_quote_stay_within_the_payment(shop: Shop) -> None:
    buyer = renewed(shop)

    def takes() -> str:
        try:
            door.commit(refund(buyer, "40.00"), quote=None, actor=shop.person.actor, now=shop.now)
        except DomainError as refused:
            return refused.code
        return "done"

    assert sorted(in_threads(takes, takes, takes)) == ["done", "done", "nothing_to_do"]
    assert [amount for _, amount in rows(buyer)] == [4_000, 4_000]
    books_balance(shop.world)


def test_a_refund_and_a_rollback_never_credit_the_same_line_twice(shop: Shop) -> None:
    buyer = renewed(shop)
    shop.now += timedelta(days=2)
    buyer.changes("Business")
    said = in_threads(confirms(shop, refund(buyer)), confirms(shop, buyer.back_to()))
    assert "done" in said
    shop.world.drain(now=shop.now)
    books_balance(shop.world)
    keeps_its_promises(shop.world.id, shop.now)


@pytest.mark.parametrize("asked", [False, True])
def test_a_worker_killed_between_intent_and_answer_pays_out_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, asked: bool
) -> None:
    """Killed before the gateway heard of it, or after; either way the next one finds the row and the same key."""
    buyer, really = renewed(shop), SandboxGateway.refund

    class Killed(BaseException):
        pass

    def dies(*args: Any) -> None:
        if asked:
            really(*args)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(SandboxGateway, "refund", dies)
        with pytest.raises(Killed):
            door.commit(refund(buyer), quote=None, actor=shop.person.actor, now=shop.now)
    assert rows(buyer) == [("intent", 10_000)]
    _lease_runs_out(shop, buyer)
    queue_named("refunds").drain(shop.world.id, shop.now)
    assert rows(buyer) == [("succeeded", 10_000)]
    assert journal(shop.world) == [("succeeded", 10_000)]
    books_balance(shop.world)


def _lease_runs_out(shop: Shop, buyer: Buyer) -> None:
    with tenant(shop.world.id):
        Refund.objects.for_partner(shop.world.id).filter(customer=buyer.customer).update(leased_until=None)


def test_two_workers_ask_for_one_refund_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    buyer = renewed(shop)
    monkeypatch.setattr("partnerpanel.actions.door.ask_for_refunds", lambda *_, **__: {})
    door.commit(refund(buyer, how=RefundHow.FULL), quote=None, actor=shop.person.actor, now=shop.now)

    def works() -> int:
        return queue_named("refunds").drain(shop.world.id, shop.now)

    assert sorted(in_threads(works, works)) == [0, 1]
    assert journal(shop.world) == [("succeeded", 10_000)]
