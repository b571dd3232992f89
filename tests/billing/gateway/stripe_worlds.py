"""Partners whose Stripe is the double, or another server that says it is Stripe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import Settings

from billing.gateway.stripe.accounts import connect
from partnerpanel.embedded.stripe.intents import authenticate
from partnerpanel.embedded.stripe.server import Double, serving
from partnerpanel.kernel.money import Money
from tests.world import World

KEY, OTHER_KEY = "sk_test_ofThisPartner00", "sk_test_ofAnotherPartner"
AMOUNTS = (Money(50, "EUR"), Money(3_000, "JPY"), Money(12_340, "BHD"), Money(99_999_999, "USD"))


@pytest.fixture
def double(settings: Settings, world: World, other_world: World) -> Iterator[Double]:
    """A double of its own, to which both partners are connected."""
    with serving() as it:
        point_at(it.url, settings)
        for one, key in ((world, KEY), (other_world, OTHER_KEY)):
            connect(key, actor=one.system, now=one.now)
        yield it


def point_at(url: str, settings: Settings) -> None:
    settings.STRIPE_URL = url
    settings.STRIPE_CHARGES_A_SECOND = 1000


def taken(double: Double, partner_id: UUID, key: str) -> int:
    """How often the key took money, by the double's own books."""
    return sum(
        one["metadata"]["partnerpanel_key"] == key and one["metadata"]["partnerpanel_partner"] == str(partner_id)
        for account in double.accounts.values()
        for one in account.of("payment_intent", status="succeeded")
    )


def confirm(double: Double, gateway_id: str) -> None:
    for account in double.accounts.values():
        if gateway_id in account.objects:
            authenticate(account, account.objects[gateway_id])


def put(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Puts a webhook to the application as a web server would."""
    path = urlsplit(url).path
    answer = Client().generic("POST", path, body, content_type="application/json", headers=dict(headers))
    return answer.status_code
