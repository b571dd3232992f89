"""Without a gateway nothing is charged by itself: what applies of a gateway's promises, and an invoice that waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from billing.documents.states import PaymentSource
from billing.gateway.port import RefundRequest
from billing.gateway.refusals import UnknownCharge
from billing.gateway.registry import gateway_named
from billing.models import Invoice, PaymentAttempt
from billing.services.pay import record_payment
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.scope import tenant
from tests.billing.gateway.contract import PRICE, GatewayContract, Terms
from tests.world import World


@pytest.fixture
def terms() -> Terms:
    return Terms(
        gateway=gateway_named("manual"),
        good="bank",
        soft="bank",
        hard="bank",
        answer_lost="bank",
        authentication="bank",
        missing="bank",
        taken=lambda *_: 0,
        authenticate=lambda *_: pytest.fail("nobody asks"),
    )


class TestManual:
    """Of the contract all that is about charges which cannot happen here."""

    test_an_empty_batch = GatewayContract.test_an_empty_batch_has_no_answers
    test_an_unknown_method = GatewayContract.test_an_unknown_method_is_refused_by_name


def test_nothing_is_charged_found_or_given_back(terms: Terms, world: World) -> None:
    request = terms.request()
    [answer] = terms.gateway.charge_many(world.id, [request])
    assert answer.refusal is not None
    assert terms.gateway.look_up(world.id, [request.key]) == {}
    assert not terms.gateway.list_charges(world.id, since=system_now()).charges
    assert not terms.gateway.list_refunds(world.id, since=system_now()).refunds
    with pytest.raises(UnknownCharge):
        terms.gateway.cancel(world.id, "bank")
    with pytest.raises(UnknownCharge):
        terms.gateway.refund(world.id, RefundRequest("r", "bank", PRICE))


def test_an_invoice_stays_open_until_a_payment_is_recorded(world: World) -> None:
    past = World(world.partner, now=world.now - timedelta(days=32))
    subscription = past.subscription(started_at=past.now, with_service=False)
    world.drain("subscriptions", "charges", now=world.now)
    with tenant(world.id):
        assert Invoice.objects.for_partner(world.id).get().status == "open"
        assert not PaymentAttempt.objects.for_partner(world.id).exists()
    record_payment(
        subscription,
        amount=Money.parse("30.00", "EUR"),
        source=PaymentSource.BANK,
        received_on=world.now.date(),
        note="Statement 7.",
        actor=world.system,
        now=world.now,
    )
    with tenant(world.id):
        assert Invoice.objects.for_partner(world.id).get().status == "paid"
