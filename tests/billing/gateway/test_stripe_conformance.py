"""The whole contract once more, where every call is checked against Stripe's own request schemas.

It runs where STRIPE_CONFORMANCE names the folder with `stripe_conformance.py`.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen
from uuid import UUID

import pytest
import stripe
from pytest_django import Settings

from billing.gateway.cards import CardWish
from billing.gateway.port import ChargeRequest, ChargeStatus, charge
from billing.gateway.registry import gateway_named
from billing.gateway.stripe.accounts import connect, disconnect
from billing.gateway.stripe.endpoints import make_endpoint
from billing.gateway.stripe.gateway import StripeGateway
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.money import Money
from tests.billing.gateway.contract import GatewayContract, Terms
from tests.billing.gateway.stripe_worlds import AMOUNTS, KEY, OTHER_KEY, point_at
from tests.world import World

FOLDER = os.environ.get("STRIPE_CONFORMANCE", "")
LOST = "pm_card_mastercard"

pytestmark = pytest.mark.skipif(not FOLDER, reason="STRIPE_CONFORMANCE names no folder")


class LosingClient(stripe.RequestsClient):
    """Loses the answer of every charge of one card, after it was made."""

    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **more: Any) -> Any:
        said = super().request(method, url, headers, post_data, **more)
        if url.endswith("/v1/payment_intents") and LOST in str(post_data):
            raise stripe.APIConnectionError("The answer got lost.")  # type: ignore[no-untyped-call]
        return said


@pytest.fixture(scope="module")
def checker() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(Path(FOLDER) / "stripe_conformance.py"), "--port", str(port), "--mode", "strict"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url)
            yield url
        finally:
            process.terminate()


class TestStripeAsItsSchemasSay(GatewayContract):
    @pytest.fixture
    def terms(
        self,
        checker: str,
        world: World,
        other_world: World,
        settings: Settings,
        monkeypatch: pytest.MonkeyPatch,
    ) -> Iterator[Terms]:
        monkeypatch.setattr(stripe, "RequestsClient", LosingClient)
        point_at(checker, settings)
        connect(KEY, actor=world.system, now=world.now)
        connect(OTHER_KEY, actor=other_world.system, now=other_world.now)
        yield Terms(
            gateway=gateway_named("stripe"),
            good="pm_card_visa",
            soft="pm_card_chargeDeclinedInsufficientFunds",
            hard="pm_card_chargeDeclinedLostCard",
            answer_lost=LOST,
            authentication="pm_card_authenticationRequired",
            missing="pm_no_such_card",
            taken=lambda partner_id, key: _taken(checker, partner_id, key),
            authenticate=lambda _, gateway_id: _asked(checker, "/__auth", {"id": gateway_id}),
            amounts=AMOUNTS,
        )
        report = _asked(checker, "/__report")
        assert report["requests"] > 0
        assert report["problems"] == []
        assert not report["invalid"]


def _asked(url: str, path: str, body: object = None) -> Any:
    data = json.dumps(body).encode() if body is not None else None
    asked = Request(url + path, data=data, headers={"Authorization": f"Bearer {KEY}"})  # noqa: S310 – loopback
    with urlopen(asked) as said:  # noqa: S310
        return json.load(said)


def _taken(url: str, partner_id: UUID, key: str) -> int:
    found: int = 0
    after = ""
    while True:
        page = _asked(url, f"/v1/payment_intents?limit=100{after}")
        found += sum(
            one["status"] == "succeeded"
            and one["metadata"]["partnerpanel_key"] == key
            and one["metadata"]["partnerpanel_partner"] == str(partner_id)
            for one in page["data"]
        )
        if not page["has_more"]:
            return found
        after = f"&starting_after={page['data'][-1]['id']}"


def _wait_for(url: str) -> None:
    for _ in range(100):
        try:
            _asked(url, "/__report")
        except URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the checker did not start")


def test_endpoints_card_pages_bank_pages_and_disputes_are_asked_as_the_schemas_say(
    checker: str, world: World, settings: Settings
) -> None:
    point_at(checker, settings)
    connect(KEY, actor=world.system, now=world.now)
    began, stripe_gateway = system_now(), StripeGateway()
    for _ in range(2):
        make_endpoint(actor=world.system, now=world.now)
    customer = world.customer()
    wish = CardWish(
        customer, None, "The card is kept.", "https://pay.example/card/?page={page}", "https://pay.example/"
    )
    session = stripe_gateway.card_page(world.id, wish).address.rpartition("/")[2]
    assert stripe_gateway.entered_card(world.id, session) is None
    _asked(checker, "/__pay_session", {"id": session, "payment_method": "pm_card_visa"})
    entered = stripe_gateway.entered_card(world.id, session)
    assert entered is not None
    assert (entered.customer_id, entered.facts.last4) == (customer, "4242")
    assert stripe_gateway.method(world.id, entered.ref) == entered.facts
    assert stripe_gateway.cards_since(world.id, began) == [entered]
    for ref in (entered.ref, entered.ref, "pm_of_nobody"):
        stripe_gateway.detach(world.id, ref)
    assert stripe_gateway.cards_since(world.id, began) == []
    request = ChargeRequest("disputed", Money(10_620, "USD"), "pm_card_createDispute", "cus_1", {"attempt": "disputed"})
    assert charge(stripe_gateway, world.id, request).status is ChargeStatus.SUCCEEDED
    [disputed] = stripe_gateway.disputes_since(world.id, began)
    assert (disputed.key, disputed.news.amount) == ("disputed", request.amount)
    found = stripe_gateway.dispute(world.id, disputed.news.id)
    assert found is not None
    assert found.news.status is disputed.news.status
    request = ChargeRequest("asks", Money(10_620, "USD"), "pm_card_authenticationRequired", "cus_1")
    asks = charge(stripe_gateway, world.id, request)
    assert stripe_gateway.bank_page(world.id, asks.gateway_id, "https://pay.example/confirm/att_1/")
    _asked(checker, "/__auth", {"id": asks.gateway_id})
    assert not stripe_gateway.bank_page(world.id, asks.gateway_id, "https://pay.example/confirm/att_1/")
    disconnect(actor=world.system, now=world.now)
    report = _asked(checker, "/__report")
    assert report["problems"] == []
    assert not report["invalid"]
