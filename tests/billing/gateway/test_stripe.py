"""Stripe keeps every gateway's promises, against the project's double; what it alone does follows."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from billing.gateway.port import ChargeStatus, DeclineKind, RefundRequest, RefundStatus, charge
from billing.gateway.refusals import GatewayDown, GatewayRefusal, InvalidRequest, KeyReused
from billing.gateway.registry import gateway_named
from billing.gateway.stripe.accounts import InvalidKey, connect, connection_of, disconnect
from billing.gateway.stripe.amounts import from_stripe, to_stripe
from billing.gateway.stripe.declines import decline_of
from billing.gateway.stripe.models import StripeAccount
from partnerpanel.embedded.stripe.intents import settle_processing
from partnerpanel.embedded.stripe.server import Double
from partnerpanel.events.models import Event
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.scope import ScopeError, tenant
from tests.billing.gateway.contract import PRICE, GatewayContract, Terms
from tests.billing.gateway.stripe_worlds import AMOUNTS, KEY, OTHER_KEY, confirm, double, taken
from tests.world import World

__all__ = ["double"]


def terms_of(double: Double) -> Terms:
    return Terms(
        gateway=gateway_named("stripe"),
        good="pm_card_visa",
        soft="pm_card_chargeDeclinedInsufficientFunds",
        hard="pm_card_chargeDeclinedLostCard",
        answer_lost="pm_card_answerLost",
        authentication="pm_card_authenticationRequired",
        missing="pm_no_such_card",
        taken=lambda partner_id, key: taken(double, partner_id, key),
        authenticate=lambda _, gateway_id: confirm(double, gateway_id),
        amounts=AMOUNTS,
    )


@pytest.fixture
def terms(double: Double) -> Terms:
    return terms_of(double)


class TestStripe(GatewayContract):
    @pytest.fixture
    def terms(self, double: Double) -> Terms:
        return terms_of(double)


def test_a_stored_server_error_is_looked_up_and_the_money_was_taken_once(
    terms: Terms, double: Double, world: World
) -> None:
    request = terms.request("pm_card_serverError")
    for _ in range(3):
        assert charge(terms.gateway, world.id, request).status is ChargeStatus.UNKNOWN
    assert terms.gateway.look_up(world.id, [request.key])[request.key].status is ChargeStatus.SUCCEEDED
    assert terms.taken(world.id, request.key) == 1


def test_what_is_turned_away_was_not_heard_and_may_come_again(terms: Terms, double: Double, world: World) -> None:
    requests = [terms.request() for _ in range(9)]
    charge(terms.gateway, world.id, terms.request())  # the customer is known from here on
    double.a_second = 4
    answers = terms.gateway.charge_many(world.id, requests)
    turned_away = [one for one in answers if one.again_in == timedelta(seconds=1)]
    assert len(turned_away) == 5
    assert sum(terms.taken(world.id, one.key) for one in requests) == 4
    double.a_second = None
    assert {one.status for one in terms.gateway.charge_many(world.id, requests)} == {ChargeStatus.SUCCEEDED}
    assert [terms.taken(world.id, one.key) for one in requests] == [1] * 9


def test_a_server_that_fails_leaves_charges_unknown_and_reads_as_down(
    terms: Terms, double: Double, world: World
) -> None:
    request = terms.request()
    charge(terms.gateway, world.id, terms.request())
    double.is_down = True
    assert charge(terms.gateway, world.id, request).status is ChargeStatus.UNKNOWN
    with pytest.raises(GatewayDown):
        terms.gateway.look_up(world.id, [request.key])
    with pytest.raises(GatewayDown):
        terms.gateway.list_charges(world.id, since=world.now)
    double.is_down = False
    assert terms.gateway.look_up(world.id, [request.key]) == {}
    assert charge(terms.gateway, world.id, request).status is ChargeStatus.SUCCEEDED


def test_where_nobody_is_reached_the_gateway_is_down(
    terms: Terms, double: Double, world: World, settings: Settings
) -> None:
    charge(terms.gateway, world.id, terms.request())
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.STRIPE_URL = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(GatewayDown):
            terms.gateway.charge_many(world.id, [terms.request() for _ in range(20)])


def test_a_key_that_stripe_takes_no_more_is_nobodys_failure(terms: Terms, double: Double, world: World) -> None:
    charge(terms.gateway, world.id, terms.request())
    double.refused_keys.add(KEY)
    with pytest.raises(GatewayDown):
        terms.gateway.charge_many(world.id, [terms.request(), terms.request()])


def test_a_debit_is_under_way_until_the_bank_has_answered(terms: Terms, double: Double, world: World) -> None:
    paid, bounced = (terms.request("pm_usBankAccount_processing") for _ in range(2))
    account = double.accounts[KEY]
    for request, fails, status in ((paid, False, ChargeStatus.SUCCEEDED), (bounced, True, ChargeStatus.DECLINED)):
        waiting = charge(terms.gateway, world.id, request)
        assert waiting.status is ChargeStatus.PROCESSING
        settle_processing(account, account.objects[waiting.gateway_id], fails=fails)
        assert charge(terms.gateway, world.id, request).status is status
        assert terms.gateway.look_up(world.id, [request.key])[request.key].status is status


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        ({"code": "card_declined", "decline_code": "insufficient_funds"}, DeclineKind.SOFT, "insufficient_funds"),
        ({"code": "card_declined", "decline_code": "generic_decline"}, DeclineKind.SOFT, "generic_decline"),
        ({"code": "card_declined", "decline_code": "stolen_card"}, DeclineKind.HARD, "stolen_card"),
        ({"code": "expired_card"}, DeclineKind.HARD, "expired_card"),
        (
            {"code": "card_declined", "decline_code": "generic_decline", "advice_code": "do_not_try_again"},
            DeclineKind.HARD,
            "generic_decline",
        ),
        ({"code": "card_declined", "decline_code": "a_code_of_tomorrow"}, DeclineKind.SOFT, "a_code_of_tomorrow"),
        ({}, DeclineKind.SOFT, "declined"),
    ],
)
def test_declines_are_soft_or_hard_by_their_codes(error: dict[str, str], kind: DeclineKind, code: str) -> None:
    decline = decline_of(error)
    assert (decline.kind, decline.code) == (kind, code)


@pytest.mark.parametrize(
    ("money", "sent"),
    [
        (Money(10_620, "USD"), 10_620),
        (Money(3_000, "JPY"), 3_000),
        (Money(500, "ISK"), 50_000),
        (Money(12_340, "BHD"), 12_340),
        (Money(12_300, "MGA"), 123),
    ],
)
def test_amounts_are_counted_as_stripe_counts_them(money: Money, sent: int) -> None:
    assert to_stripe(money) == sent
    assert from_stripe(sent, money.currency.lower()) == money


@pytest.mark.parametrize("money", [Money(12_345, "BHD"), Money(100_000_000, "USD"), Money(12_345, "MGA")], ids=str)
def test_amounts_that_stripe_cannot_count_are_refused_unasked(terms: Terms, world: World, money: Money) -> None:
    with pytest.raises(InvalidRequest) as refused:
        charge(terms.gateway, world.id, terms.request(amount=money))
    assert refused.value.field == "amount"


def test_an_amount_below_stripes_minimum_is_refused(terms: Terms, world: World) -> None:
    with pytest.raises(InvalidRequest) as refused:
        charge(terms.gateway, world.id, terms.request(amount=Money(49, "EUR")))
    assert refused.value.field == "amount"


def test_a_refund_on_its_way_and_one_that_fails_say_so(terms: Terms, world: World) -> None:
    for method, status in (("pm_card_pendingRefund", "pending"), ("pm_card_refundFail", "failed")):
        paid = charge(terms.gateway, world.id, terms.request(method)).gateway_id
        answer = terms.gateway.refund(world.id, RefundRequest(f"r-{status}", paid, PRICE))
        assert answer.status is RefundStatus(status)


def test_a_disputed_charge_is_not_refunded(terms: Terms, world: World) -> None:
    paid = charge(terms.gateway, world.id, terms.request("pm_card_createDispute")).gateway_id
    with pytest.raises(GatewayRefusal, match="charged back"):
        terms.gateway.refund(world.id, RefundRequest("r", paid, PRICE))


def test_two_partners_with_one_account_never_meet(
    terms: Terms, double: Double, world: World, other_world: World
) -> None:
    connect(KEY, actor=other_world.system, now=other_world.now)
    began = system_now()
    request = terms.request()
    own, theirs = (charge(terms.gateway, one.id, request) for one in (world, other_world))
    assert own.gateway_id != theirs.gateway_id
    for one, answer in ((world, own), (other_world, theirs)):
        listed = terms.gateway.list_charges(one.id, since=began).charges
        assert [it.answer.gateway_id for it in listed] == [answer.gateway_id]


def test_inside_an_open_scope_it_refuses_to_work(terms: Terms, world: World) -> None:
    with tenant(world.id), pytest.raises(ScopeError):
        terms.gateway.charge_many(world.id, [terms.request()])


def test_without_an_account_nothing_is_listed_and_nobody_can_be_asked(world: World) -> None:
    gateway = gateway_named("stripe")
    assert not gateway.list_charges(world.id, since=world.now).charges
    assert gateway.look_up(world.id, []) == {}
    with pytest.raises(GatewayDown, match="not connected"):
        gateway.look_up(world.id, ["some"])


@pytest.mark.parametrize("key", ["", "pk_test_12345678", "sk_test_", "sk_live_short", "whsec_1234567890"])
def test_what_is_no_secret_key_is_not_kept(double: Double, world: World, key: str) -> None:
    with pytest.raises(InvalidKey) as refused:
        connect(key, actor=world.system, now=world.now)
    assert refused.value.field == "key"


def test_a_key_that_stripe_refuses_is_not_kept_and_the_old_one_stays(double: Double, world: World) -> None:
    double.refused_keys.add("sk_test_revoked0000")
    with pytest.raises(InvalidKey):
        connect("sk_test_revoked0000", actor=world.system, now=world.now)
    found = connection_of(world.id)
    assert found is not None
    assert found.account == double.account(KEY).id


def test_a_live_key_of_a_test_account_is_refused(double: Double, world: World) -> None:
    double.account("sk_live_ofThisPartner").is_live = False
    with pytest.raises(InvalidKey, match="other mode"):
        connect("sk_live_ofThisPartner", actor=world.system, now=world.now)


def test_a_key_never_asks_a_second_account(terms: Terms, double: Double, world: World) -> None:
    request = terms.request("pm_card_answerLost")
    assert charge(terms.gateway, world.id, request).status is ChargeStatus.UNKNOWN
    connect("sk_test_anotherAccount", actor=world.system, now=world.now)
    with pytest.raises(KeyReused):
        charge(terms.gateway, world.id, request)
    assert terms.taken(world.id, request.key) == 1


def test_connecting_and_disconnecting_are_told_without_the_key(double: Double, world: World) -> None:
    connect(KEY, actor=world.system, now=world.now)
    assert disconnect(actor=world.system, now=world.now)
    assert not disconnect(actor=world.system, now=world.now)
    assert connection_of(world.id) is None
    with tenant(world.id):
        told = list(Event.objects.for_partner(world.id).filter(object_type="stripe_account").order_by("sequence"))
    assert [one.kind for one in told] == ["gateway.connected", "gateway.connected", "gateway.disconnected"]
    assert {one.data["account"] for one in told} == {double.account(KEY).id}
    assert KEY not in str([one.__dict__ for one in told])


def test_the_command_connects_with_a_key_from_its_input(
    double: Double, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = StringIO()
    disconnect(actor=world.system, now=world.now)
    monkeypatch.setattr("sys.stdin", StringIO(f"{KEY}\n"))
    call_command("connect_stripe", partner=world.partner.slug, stdout=said)
    found = connection_of(world.id)
    assert found is not None
    assert found.account in said.getvalue()
    assert KEY not in said.getvalue()
    monkeypatch.setattr("sys.stdin", StringIO("not a key\n"))
    with pytest.raises(CommandError, match="begins with"):
        call_command("connect_stripe", partner=world.partner.slug)
    call_command("connect_stripe", partner=world.partner.slug, disconnect=True, stdout=said)
    assert connection_of(world.id) is None
    with pytest.raises(CommandError, match="no partner"):
        call_command("connect_stripe", partner="nobody")


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def test_a_key_lies_in_its_sealed_column_and_nowhere_else(
    terms: Terms, double: Double, world: World, everything_logged: pytest.LogCaptureFixture
) -> None:
    charge(terms.gateway, world.id, terms.request())
    double.refused_keys.add(KEY)
    with pytest.raises(GatewayDown) as down:
        terms.gateway.charge_many(world.id, [terms.request()])
    told = [repr(down.value), repr(down.value.__cause__), repr(connection_of(world.id)), everything_logged.text]
    with tenant(world.id):
        row = StripeAccount.objects.for_partner(world.id).get()
        told.append(repr(row.__dict__))
        with connection.cursor() as cursor:
            cursor.execute("SELECT row_to_json(a)::text FROM billing_stripeaccount a")
            told += [text for (text,) in cursor.fetchall()]
    for text in told:
        assert KEY not in text
        assert OTHER_KEY not in text
