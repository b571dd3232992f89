"""Payments that banks take back: told in any order and any number of times, and what stands in the books then."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from billing.disputes.states import DisputeStatus
from billing.gateway.port import DisputeNews
from billing.models import Balance, CreditNote, Dispute, Invoice, Payment, PaymentReturn, PaymentReversal
from billing.queries.returns import open_disputes
from billing.services.disputes import AlreadyDecided, record_dispute
from partnerpanel.actions import door
from partnerpanel.actions.disputes import decide_dispute
from partnerpanel.events.models import Event
from partnerpanel.kernel.errors import DomainError, Forbidden, NotFound
from partnerpanel.tenancy.scope import tenant
from tests.actions.selling import Buyer, Shop, books_balance
from tests.actions.test_refund import payment_of, refund, renewed, says
from tests.people import Person, Team
from tests.threads import in_threads
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

SAID = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def news(buyer: Buyer, status: DisputeStatus, hours: int = 0) -> DisputeNews:
    paid = payment_of(buyer)
    return DisputeNews("dp_1", paid.gateway_id, status, paid.money, SAID, SAID + timedelta(hours=hours), "duplicate")


def tell(buyer: Buyer, *told: DisputeNews) -> None:
    for one in told:
        record_dispute(buyer.shop.world.id, "sandbox", one, now=buyer.shop.now)


def books(buyer: Buyer) -> tuple[str, int, list[int]]:
    """Where the dispute stands, what is kept from being refunded, and what was taken from the books."""
    world = buyer.shop.world
    with tenant(world.id):
        row = Dispute.objects.for_partner(world.id).get()
        kept = PaymentReturn.objects.for_partner(world.id).get().disputed
        reversals = PaymentReversal.objects.for_partner(world.id).order_by("number")
        return row.status, kept, list(reversals.values_list("amount", flat=True))


STORY = [
    (DisputeStatus.NEEDS_RESPONSE, 0),
    (DisputeStatus.UNDER_REVIEW, 1),
    (DisputeStatus.LOST, 2),
]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_news_in_any_order_and_twice_end_the_same(shop: Shop, order: tuple[int, ...]) -> None:
    buyer = renewed(shop)
    for position in (*order, *order):
        tell(buyer, news(buyer, *STORY[position]))
    assert books(buyer) == ("lost", 10_000, [10_000])
    books_balance(shop.world)


def test_a_loss_is_no_credit_to_the_customer_and_reopens_nothing(shop: Shop) -> None:
    buyer = renewed(shop)
    before = buyer.row()
    tell(buyer, news(buyer, DisputeStatus.LOST))
    after = buyer.row()
    assert (after.lifecycle, after.access, after.collection) == (before.lifecycle, before.access, before.collection)
    with tenant(shop.world.id):
        assert Invoice.objects.for_partner(shop.world.id).get().status == "paid"
        assert not CreditNote.objects.for_partner(shop.world.id).exists()
        assert not Balance.objects.for_partner(shop.world.id).filter(amount__gt=0).exists()
    assert says(shop, refund(buyer)).refusals[0].code == "nothing_refundable"


def test_what_is_won_can_be_refunded_again(shop: Shop) -> None:
    buyer = renewed(shop)
    tell(buyer, news(buyer, DisputeStatus.NEEDS_RESPONSE))
    assert says(shop, refund(buyer)).refusals[0].code == "disputed"
    tell(buyer, news(buyer, DisputeStatus.WON, 5))
    assert books(buyer) == ("won", 0, [])
    assert not says(shop, refund(buyer)).is_refused


def test_a_loss_that_is_won_in_the_end_is_booked_back(shop: Shop) -> None:
    buyer = renewed(shop)
    tell(buyer, news(buyer, DisputeStatus.LOST, 1), news(buyer, DisputeStatus.WON, 9))
    assert books(buyer) == ("won", 0, [10_000, -10_000])


def test_after_a_refund_a_dispute_is_recorded_all_the_same(shop: Shop) -> None:
    buyer = renewed(shop)
    buyer.does(refund(buyer))
    tell(buyer, news(buyer, DisputeStatus.LOST))
    assert books(buyer) == ("lost", 10_000, [10_000])


def test_a_refund_and_a_dispute_at_once_leave_both_in_the_books(shop: Shop) -> None:
    buyer = renewed(shop)
    verb, told = refund(buyer), news(buyer, DisputeStatus.NEEDS_RESPONSE)

    def refunds() -> str:
        with suppress(DomainError):
            door.commit(verb, quote=None, actor=shop.person.actor, now=shop.now)
            return "refunded"
        return "refused"

    def disputed() -> str:
        tell(buyer, told)
        return "disputed"

    said = in_threads(refunds, disputed)
    with tenant(shop.world.id):
        back = PaymentReturn.objects.for_partner(shop.world.id).get()
    assert back.disputed == 10_000
    assert back.refunded == (10_000 if said[0] == "refunded" else 0)
    books_balance(shop.world)


def test_the_sandbox_has_a_card_that_is_disputed_at_once(shop: Shop) -> None:
    renewed(shop, "sandbox_disputed")
    with tenant(shop.world.id):
        [row] = open_disputes(shop.world.id)
    assert (row.status, row.amount.amount, row.evidence_due_on is not None) == ("needs_response", 10_000, True)


def test_a_person_records_the_outcome_once(shop: Shop, team: Team, stranger: Person) -> None:
    renewed(shop, "sandbox_disputed")
    with tenant(shop.world.id):
        [row] = open_disputes(shop.world.id)
    with pytest.raises(Forbidden):
        decide_dispute(row.id, DisputeStatus.WON, note="", actor=team.read_only.actor, now=shop.now)
    with pytest.raises(NotFound):
        decide_dispute(row.id, DisputeStatus.WON, note="", actor=stranger.actor, now=shop.now)
    decide_dispute(row.id, DisputeStatus.LOST, note="letter of the bank", actor=shop.person.actor, now=shop.now)
    with pytest.raises(AlreadyDecided):
        decide_dispute(row.id, DisputeStatus.WON, note="", actor=shop.person.actor, now=shop.now)
    with tenant(shop.world.id):
        kinds = Event.objects.for_partner(shop.world.id).filter(object_id=row.id).order_by("sequence")
        assert list(kinds.values_list("kind", flat=True)) == ["dispute.opened", "dispute.lost"]


def test_news_of_a_charge_that_nobody_booked_are_refused_and_come_again(shop: Shop, other_world: World) -> None:
    buyer = renewed(shop)
    told = news(buyer, DisputeStatus.NEEDS_RESPONSE)
    with pytest.raises(NotFound):
        record_dispute(other_world.id, "sandbox", told, now=shop.now)
    with tenant(shop.world.id):
        assert Payment.objects.for_partner(shop.world.id).count() == 1
        assert not Dispute.objects.for_partner(shop.world.id).exists()
