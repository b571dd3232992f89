"""Who is at Stripe already moves in with card and open invoice: nobody enters a card, and nobody pays twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from billing.models import Opening, Payment, PaymentMethod
from partnerpanel.embedded.stripe.api import answer
from partnerpanel.embedded.stripe.server import Double
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription, Term
from tests.billing.gateway.stripe_worlds import KEY, OTHER_KEY, double
from tests.services.importing import Ran, run, write
from tests.world import World

__all__ = ["double"]

HEADER = (
    "name,email,country,plan,price,currency,interval,started_on,status,external_id,tags,"
    "open_invoice,open_amount,open_invoice_on,stripe_customer,payment_method"
)
DECLINED = "pm_card_chargeDeclinedInsufficientFunds"


@pytest.fixture
def folder(tmp_path: Path, double: Double) -> Path:
    return tmp_path


def at_stripe(double: Double, card: str = "pm_card_visa", key: str = KEY) -> tuple[str, str]:
    """A customer with a card, as another system has left them."""
    account = double.account(key)
    customer = answer(account, "POST", "/v1/customers", {})
    method = answer(account, "POST", f"/v1/payment_methods/{card}/attach", {"customer": customer["id"]})
    return customer["id"], method["id"]


def moved(world: World, folder: Path, *cards: tuple[str, str]) -> Ran:
    """An import of people who owe 30.00 each for the month that runs."""
    began = (system_now() - timedelta(days=40)).date()
    since = (system_now() - timedelta(days=9)).date()
    lines = [
        f"Anna,p{n}@people.example,DE,Basic,30.00,EUR,month,{began},active,P-{n},,R-{n},30.00,{since},{ref},{method}"
        for n, (ref, method) in enumerate(cards)
    ]
    return run(world.partner.slug, write(folder / "people.csv", HEADER, *lines))


def test_an_open_invoice_is_charged_to_the_card_that_is_there_once(double: Double, world: World, folder: Path) -> None:
    ref, method = at_stripe(double)
    assert "Cards in the file: 1" in moved(world, folder, (ref, method)).said
    for _ in range(2):
        ran = run(world.partner.slug, cut_over=True)
        assert ran.code == 0, ran.said
        world.drain("subscriptions", "charges", now=system_now())
    [intent] = double.account(KEY).of("payment_intent")
    assert (intent["customer"], intent["payment_method"], intent["amount"]) == (ref, method, 3_000)
    with tenant(world.id):
        assert Payment.objects.for_partner(world.id).get().amount == 3_000
        subscription = Subscription.objects.for_partner(world.id).get()
        assert (subscription.collection, subscription.lifecycle) == ("current", "active")
        newest = Term.objects.for_partner(world.id).order_by("-number")[0]
        assert newest.starts_at <= system_now() < newest.ends_at
        assert PaymentMethod.objects.for_partner(world.id).get().last4 == "4242"


def test_a_card_that_is_declined_opens_the_calendar_of_retries(double: Double, world: World, folder: Path) -> None:
    moved(world, folder, at_stripe(double, DECLINED))
    run(world.partner.slug, cut_over=True)
    for day in range(9):
        world.drain("subscriptions", "charges", now=system_now() + timedelta(days=day))
    assert len(list(double.account(KEY).of("payment_intent"))) == 4
    with tenant(world.id):
        assert Subscription.objects.for_partner(world.id).get().collection == "delinquent"


def test_nothing_is_cut_over_while_stripe_knows_a_card_differently(double: Double, world: World, folder: Path) -> None:
    good, theirs = at_stripe(double), at_stripe(double)
    strangers = at_stripe(double, key=OTHER_KEY)
    moved(world, folder, good, (good[0], theirs[1]), strangers)
    for is_rehearsal in (True, False):
        ran = run(world.partner.slug, cut_over=True, dry_run=is_rehearsal)
        assert ran.code == 1
        assert f"row 3, payment_method: found “{theirs[1]}”" in ran.said
        assert f"row 4, payment_method: found “{strangers[1]}”" in ran.said
        assert "row 2, " not in ran.said
        with tenant(world.id):
            assert not Subscription.objects.for_partner(world.id).filter(awaits_cut_over=False).exists()
    moved(world, folder, good, theirs, at_stripe(double))
    assert run(world.partner.slug, cut_over=True).code == 0
    with tenant(world.id):
        assert PaymentMethod.objects.for_partner(world.id).count() == 3
        assert not Opening.objects.for_partner(world.id).filter(opened_at=None).exists()
    assert not list(double.account(OTHER_KEY).of("payment_intent"))


def test_while_stripe_is_away_nothing_is_cut_over(double: Double, world: World, folder: Path) -> None:
    moved(world, folder, at_stripe(double))
    double.is_down = True
    ran = run(world.partner.slug, cut_over=True)
    assert ran.code == 2
    assert "Stripe gives no answer" in ran.said
    with tenant(world.id):
        assert Subscription.objects.for_partner(world.id).get().awaits_cut_over
