"""What every gateway promises. A gateway's own test derives from `GatewayContract` and says in `Terms` how to meet it.

class TestNewGateway(GatewayContract):
    @pytest.fixture
    def terms(self) -> Terms: ...
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest

from billing.gateway.port import (
    ChargeAnswer,
    ChargeRequest,
    ChargeStatus,
    DeclineKind,
    Gateway,
    ListedCharge,
    RefundRequest,
    RefundStatus,
    charge,
)
from billing.gateway.refusals import GatewayRefusal, KeyReused, OverRefund, UnknownCharge, UnknownMethod
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.money import Money, exponent
from tests.billing.gateway.contract_taken_back import TakenBackContract
from tests.threads import in_threads
from tests.world import World

_keys = count(1)
PRICE = Money(10_620, "USD")
AMOUNTS = (Money(1, "EUR"), Money(3_000, "JPY"), Money(12_345, "BHD"), Money(99_999_999, "USD"))


@dataclass(frozen=True)
class Terms:
    """A gateway with a method of every temper. `taken` counts how often a key moved money, by the gateway's own books;

    `authenticate` does what the customer would for a charge of this id. `amounts` are some that it takes, with no, two
    and three decimals.
    """

    gateway: Gateway
    good: str
    soft: str
    hard: str
    answer_lost: str
    authentication: str
    missing: str
    taken: Callable[[UUID, str], int]
    authenticate: Callable[[UUID, str], object]
    customer: str = "cus_1"
    amounts: Sequence[Money] = AMOUNTS

    def request(self, method: str = "", *, key: str = "", amount: Money = PRICE, **metadata: str) -> ChargeRequest:
        """A charge of its own, unless told another's key."""
        key = key or f"key-{next(_keys)}"
        return ChargeRequest(key, amount, method or self.good, self.customer, {"attempt": key, **metadata})


class GatewayContract(TakenBackContract):
    """Charging, asking again, looking up and refunding, as the port's docstrings promise it."""

    @pytest.fixture
    def terms(self) -> Terms:
        raise NotImplementedError("name the gateway and its methods")

    def test_a_charge_succeeds_and_takes_the_money_once(self, terms: Terms, world: World) -> None:
        request = terms.request()
        answer = charge(terms.gateway, world.id, request)
        assert (answer.status, answer.amount) == (ChargeStatus.SUCCEEDED, PRICE)
        assert answer.gateway_id
        assert terms.taken(world.id, request.key) == 1

    def test_the_same_key_again_gives_the_same_answer_and_takes_nothing_more(self, terms: Terms, world: World) -> None:
        for method in (terms.good, terms.soft, terms.hard, terms.authentication):
            request = terms.request(method)
            first = charge(terms.gateway, world.id, request)
            assert [charge(terms.gateway, world.id, request) for _ in range(3)] == [first] * 3
        assert terms.taken(world.id, terms.request().key) == 0

    def test_the_same_key_with_other_parameters_is_refused(self, terms: Terms, world: World) -> None:
        request = terms.request()
        charge(terms.gateway, world.id, request)
        for other in (
            replace(request, amount=Money(PRICE.amount + 1, PRICE.currency)),
            replace(request, amount=Money(PRICE.amount, "EUR")),
            replace(request, customer="cus_2"),
            replace(request, method=terms.soft),
            replace(request, metadata={"attempt": "another"}),
        ):
            with pytest.raises(KeyReused) as refused:
                charge(terms.gateway, world.id, other)
            assert refused.value.field == "key"
        assert terms.taken(world.id, request.key) == 1
        assert terms.gateway.look_up(world.id, [request.key])[request.key].amount == PRICE

    @pytest.mark.django_db(transaction=True)
    def test_two_at_once_take_the_money_once_and_hear_the_same(self, terms: Terms, world: World) -> None:
        request = terms.request()
        answers = in_threads(*[lambda: charge(terms.gateway, world.id, request)] * 4)
        assert set(map(str, answers)) == {str(answers[0])}
        assert answers[0].status is ChargeStatus.SUCCEEDED
        assert terms.taken(world.id, request.key) == 1

    @pytest.mark.parametrize("kind", DeclineKind)
    def test_a_declined_charge_stays_declined_under_its_key(
        self, terms: Terms, world: World, kind: DeclineKind
    ) -> None:
        request = terms.request(terms.soft if kind is DeclineKind.SOFT else terms.hard)
        for _ in range(2):
            answer = charge(terms.gateway, world.id, request)
            assert answer.status is ChargeStatus.DECLINED
            assert answer.decline is not None
            assert (answer.decline.kind, bool(answer.decline.code)) == (kind, True)
        assert terms.gateway.look_up(world.id, [request.key])[request.key] == answer
        assert terms.taken(world.id, request.key) == 0

    def test_a_new_key_succeeds_once_the_method_is_replaced(self, terms: Terms, world: World) -> None:
        assert charge(terms.gateway, world.id, terms.request(terms.hard)).status is ChargeStatus.DECLINED
        assert charge(terms.gateway, world.id, terms.request(terms.good)).status is ChargeStatus.SUCCEEDED

    def test_a_lost_answer_is_unknown_and_looked_up_it_has_succeeded(self, terms: Terms, world: World) -> None:
        request = terms.request(terms.answer_lost)
        assert charge(terms.gateway, world.id, request) == ChargeAnswer(ChargeStatus.UNKNOWN)
        found = terms.gateway.look_up(world.id, [request.key])[request.key]
        assert (found.status, found.amount) == (ChargeStatus.SUCCEEDED, PRICE)
        charge(terms.gateway, world.id, request)
        assert terms.taken(world.id, request.key) == 1

    def test_authentication_is_asked_for_and_then_the_same_key_has_succeeded(self, terms: Terms, world: World) -> None:
        request = terms.request(terms.authentication)
        asked = charge(terms.gateway, world.id, request)
        assert asked.status is ChargeStatus.ACTION_REQUIRED
        assert asked.action_url.startswith(("https://", "http://127.0.0.1:"))
        assert terms.taken(world.id, request.key) == 0
        terms.authenticate(world.id, asked.gateway_id)
        found = terms.gateway.look_up(world.id, [request.key])[request.key]
        assert (found.status, found.gateway_id, found.action_url) == (ChargeStatus.SUCCEEDED, asked.gateway_id, "")
        assert terms.taken(world.id, request.key) == 1

    def test_metadata_is_found_again(self, terms: Terms, world: World) -> None:
        request = terms.request(invoice="inv_1", note="Müller & Söhne")
        charge(terms.gateway, world.id, request)
        assert dict(terms.gateway.look_up(world.id, [request.key])[request.key].metadata) == dict(request.metadata)

    def test_amounts_arrive_unchanged_in_every_currency(self, terms: Terms, world: World) -> None:
        assert {exponent(amount.currency) for amount in terms.amounts} == {0, 2, 3}
        for amount in terms.amounts:
            request = terms.request(amount=amount)
            assert charge(terms.gateway, world.id, request).amount == amount
            assert terms.gateway.look_up(world.id, [request.key])[request.key].amount == amount

    def test_answers_come_in_the_order_of_the_requests(self, terms: Terms, world: World) -> None:
        methods = [terms.good, terms.hard, terms.authentication, terms.soft, terms.answer_lost] * 5
        requests = [terms.request(method, amount=Money(100 + i, "EUR")) for i, method in enumerate(methods)]
        requests.reverse()
        answers = terms.gateway.charge_many(world.id, requests)
        found = terms.gateway.look_up(world.id, [one.key for one in requests])
        assert [found[one.key].amount for one in requests] == [one.amount for one in requests]
        for request, answer in zip(requests, answers, strict=True):
            assert answer == (
                ChargeAnswer(ChargeStatus.UNKNOWN) if request.method == terms.answer_lost else found[request.key]
            )

    def test_an_empty_batch_has_no_answers(self, terms: Terms, world: World) -> None:
        assert terms.gateway.charge_many(world.id, []) == []
        assert terms.gateway.look_up(world.id, []) == {}

    def test_bad_requests_do_not_take_their_batch_down(self, terms: Terms, world: World) -> None:
        taken = terms.request()
        charge(terms.gateway, world.id, taken)
        batch = [
            terms.request(),
            terms.request(terms.missing),
            terms.request(key=taken.key, amount=Money(1, "USD")),
            terms.request(),
        ]
        first, missing, reused, last = terms.gateway.charge_many(world.id, batch)
        assert first.status is last.status is ChargeStatus.SUCCEEDED
        assert (missing.status, type(missing.refusal)) == (ChargeStatus.DECLINED, UnknownMethod)
        assert missing.decline is not None
        assert missing.decline.kind is DeclineKind.HARD
        assert (reused.status, type(reused.refusal)) == (ChargeStatus.UNKNOWN, KeyReused)
        assert [terms.taken(world.id, one.key) for one in batch] == [1, 0, 1, 1]

    def test_a_key_twice_in_one_batch_is_one_charge(self, terms: Terms, world: World) -> None:
        request = terms.request()
        one, other = terms.gateway.charge_many(world.id, [request, request])
        assert one == other
        assert terms.taken(world.id, request.key) == 1

    def test_an_unknown_method_is_refused_by_name(self, terms: Terms, world: World) -> None:
        with pytest.raises(UnknownMethod) as refused:
            charge(terms.gateway, world.id, terms.request(terms.missing))
        assert refused.value.field == "method"
        with pytest.raises(UnknownMethod):
            terms.gateway.describe_method(world.id, terms.missing)

    def test_a_method_is_described_without_its_number(self, terms: Terms, world: World) -> None:
        facts = terms.gateway.describe_method(world.id, terms.good)
        assert facts.brand
        assert len(facts.last4) == 4
        assert facts.last4.isdigit()

    def test_nothing_is_found_of_a_key_that_was_never_asked(self, terms: Terms, world: World) -> None:
        asked = terms.request()
        charge(terms.gateway, world.id, asked)
        assert set(terms.gateway.look_up(world.id, [asked.key, "never-asked"])) == {asked.key}

    def test_nothing_of_another_partner_is_found_or_met(self, terms: Terms, world: World, other_world: World) -> None:
        request = terms.request()
        own = charge(terms.gateway, world.id, request)
        assert terms.gateway.look_up(other_world.id, [request.key]) == {}
        with pytest.raises(UnknownCharge):
            terms.gateway.refund(other_world.id, RefundRequest("refund-of-a-stranger", own.gateway_id, PRICE))
        # The same key there is a charge of theirs.
        theirs = charge(terms.gateway, other_world.id, replace(request, amount=Money(5, "NPR")))
        assert theirs.status is ChargeStatus.SUCCEEDED
        assert theirs.gateway_id != own.gateway_id
        assert terms.gateway.look_up(world.id, [request.key])[request.key] == own

    def test_refunds_add_up_to_the_charge_at_most(self, terms: Terms, world: World) -> None:
        paid = charge(terms.gateway, world.id, terms.request()).gateway_id
        for number, amount in enumerate((PRICE.amount - 1, 1)):
            answer = terms.gateway.refund(world.id, RefundRequest(f"r{number}", paid, Money(amount, "USD")))
            assert answer.status in (RefundStatus.SUCCEEDED, RefundStatus.PENDING)
            assert answer.amount == Money(amount, "USD")
        with pytest.raises(OverRefund) as refused:
            terms.gateway.refund(world.id, RefundRequest("r2", paid, Money(1, "USD")))
        assert refused.value.field == "amount"
        assert set(terms.gateway.look_up_refunds(world.id, ["r0", "r1", "r2"])) == {"r0", "r1"}

    def test_a_refund_asked_again_is_one_refund(self, terms: Terms, world: World) -> None:
        paid = charge(terms.gateway, world.id, terms.request()).gateway_id
        request = RefundRequest("once", paid, PRICE)
        first = terms.gateway.refund(world.id, request)
        assert terms.gateway.refund(world.id, request) == first
        assert terms.gateway.look_up_refunds(world.id, ["once"]) == {"once": first}
        with pytest.raises(KeyReused):
            terms.gateway.refund(world.id, replace(request, amount=Money(1, "USD")))

    @pytest.mark.django_db(transaction=True)
    def test_two_refunds_at_once_never_give_back_more_than_was_paid(self, terms: Terms, world: World) -> None:
        paid = charge(terms.gateway, world.id, terms.request()).gateway_id
        whole = [RefundRequest(f"whole-{number}", paid, PRICE) for number in range(3)]

        def refunded(request: RefundRequest) -> bool:
            try:
                terms.gateway.refund(world.id, request)
            except OverRefund:
                return False
            return True

        assert sorted(in_threads(*[lambda one=one: refunded(one) for one in whole])) == [False, False, True]

    def test_what_was_never_paid_cannot_be_refunded(self, terms: Terms, world: World) -> None:
        declined = charge(terms.gateway, world.id, terms.request(terms.soft)).gateway_id
        for gateway_id in (declined or "none", "no-such-charge"):
            with pytest.raises(UnknownCharge) as refused:
                terms.gateway.refund(world.id, RefundRequest(f"of-{gateway_id}", gateway_id, PRICE))
            assert refused.value.field == "charge"

    def test_a_refund_in_another_currency_is_refused(self, terms: Terms, world: World) -> None:
        paid = charge(terms.gateway, world.id, terms.request()).gateway_id
        with pytest.raises(GatewayRefusal) as refused:
            terms.gateway.refund(world.id, RefundRequest("other-currency", paid, Money(1, "EUR")))
        assert refused.value.field == "amount"

    def test_the_journal_lists_every_charge_since_an_instant_once(
        self, terms: Terms, world: World, other_world: World
    ) -> None:
        asked = [
            terms.request(terms.soft if n % 10 == 0 else terms.good, amount=Money(100 + n, "EUR"))
            for n in range(1, 106)
        ]
        began = system_now()
        terms.gateway.charge_many(world.id, asked)
        terms.gateway.charge_many(other_world.id, [terms.request()])
        found: list[ListedCharge] = []
        cursor = ""
        while True:
            page = terms.gateway.list_charges(world.id, since=began, cursor=cursor)
            found += page.charges
            if not page.cursor:
                break
            cursor = page.cursor
        assert sorted(one.key for one in found) == sorted(one.key for one in asked)
        assert [one.at for one in found] == sorted(one.at for one in found)
        known = terms.gateway.look_up(world.id, [one.key for one in asked])
        wanted = {one.key: one for one in asked}
        for one in found:
            assert one.answer == known[one.key]
            assert (one.customer, one.method) == (wanted[one.key].customer, wanted[one.key].method)
        assert not terms.gateway.list_charges(world.id, since=system_now() + timedelta(days=1)).charges

    def test_the_journal_lists_refunds_with_their_charges(self, terms: Terms, world: World) -> None:
        began = system_now()
        paid = charge(terms.gateway, world.id, terms.request()).gateway_id
        keys = [f"listed-{n}" for n in range(3)]
        answers = [terms.gateway.refund(world.id, RefundRequest(key, paid, Money(1, "USD"))) for key in keys]
        page = terms.gateway.list_refunds(world.id, since=began)
        assert [(one.key, one.charge, one.answer) for one in page.refunds] == [
            (key, paid, answer) for key, answer in zip(keys, answers, strict=True)
        ]
        assert page.cursor == ""
        assert not terms.gateway.list_refunds(world.id, since=system_now() + timedelta(days=1)).refunds
