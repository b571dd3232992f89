"""Stripe's webhooks: only what Stripe signed for this partner is taken; it is written down first, and done once."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from billing.gateway.port import ChargeStatus, charge
from billing.gateway.registry import gateway_named
from billing.gateway.stripe.accounts import connect, disconnect
from billing.gateway.stripe.endpoints import EndpointRefused, address_of, make_endpoint, set_secret
from billing.gateway.stripe.signing import BOTH_FOR, InvalidSecret
from billing.methods.queries import methods_of
from billing.methods.services import add_method
from billing.models import GatewayNews, StripeSecret
from billing.webhooks import LARGEST_BODY
from partnerpanel.embedded.stripe.account import Account, Object
from partnerpanel.embedded.stripe.api import answer
from partnerpanel.embedded.stripe.post import Letter, Post, letters
from partnerpanel.embedded.stripe.server import Double
from partnerpanel.events.models import Event
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public, uuid7
from partnerpanel.tenancy.scope import tenant
from tests.billing.gateway.contract import Terms
from tests.billing.gateway.stripe_worlds import KEY, OTHER_KEY, double, put
from tests.billing.gateway.test_stripe import terms_of
from tests.world import World

__all__ = ["double"]


@pytest.fixture
def terms(double: Double) -> Terms:
    return terms_of(double)


@pytest.fixture
def account(double: Double, world: World) -> Account:
    """This partner's account, which has an endpoint."""
    make_endpoint(actor=world.system, now=world.now)
    return double.accounts[KEY]


def letter(account: Account, kind: str = "customer.created", **about: Any) -> Letter:
    """An event that was just told."""
    account.untold.clear()
    for endpoint in account.of("webhook_endpoint"):
        endpoint["enabled_events"] = ["*"]
    account.tell(kind, {"id": "cus_1", "object": "customer", "metadata": {}} | about)
    [found] = letters(account)
    return found


def news(world: World) -> list[tuple[str, str, str]]:
    with tenant(world.id):
        rows = GatewayNews.objects.for_partner(world.id).order_by("received_at", "pk")
        return list(rows.values_list("kind", "state", "why"))


def test_an_endpoint_is_made_with_a_secret_that_nobody_sees_again(account: Account, world: World) -> None:
    [endpoint] = account.of("webhook_endpoint")
    assert endpoint["url"] == address_of(world.id) == f"http://testserver/webhooks/stripe/{public('par', world.id)}/"
    assert "payment_intent.succeeded" in endpoint["enabled_events"]
    with tenant(world.id):
        row = StripeSecret.objects.for_partner(world.id).get()
        assert (row.endpoint, row.last4) == (endpoint["id"], endpoint["_secret"][-4:])
        told = Event.objects.for_partner(world.id).filter(kind="gateway.secret_set").get()
        with connection.cursor() as cursor:
            cursor.execute("SELECT row_to_json(a)::text FROM billing_stripesecret a")
            texts = [str(told.__dict__), *[text for (text,) in cursor.fetchall()]]
    assert not any(endpoint["_secret"] in text for text in texts)


def test_what_is_told_is_kept_answered_and_marked_where_nothing_depends_on_it(account: Account, world: World) -> None:
    told = letter(account)
    assert [put(told.url, told.body, told.headers()) for _ in range(3)] == [200, 200, 200]
    assert news(world) == [("customer.created", "waiting", "")]
    world.drain("news", now=system_now())
    assert news(world) == [("customer.created", "ignored", "nothing here depends on this kind")]
    assert put(told.url, told.body, told.headers()) == 200
    assert len(news(world)) == 1


def test_forged_stale_foreign_and_misdirected_ones_are_refused_and_leave_nothing(
    account: Account, double: Double, world: World, other_world: World
) -> None:
    make_endpoint(actor=other_world.system, now=other_world.now)
    told = letter(account)
    theirs = letter(double.accounts[OTHER_KEY])
    changed = told.body.replace(b"customer.created", b"customer.deleted")
    refused = {
        "another body": (told.url, changed, told.headers()),
        "no signature": (told.url, told.body, {}),
        "nonsense": (told.url, told.body, {"Stripe-Signature": "t=x,v1="}),
        "stale": (told.url, told.body, told.headers(age=301)),
        "another partner's": (told.url, theirs.body, theirs.headers()),
        "at another partner": (theirs.url, told.body, told.headers()),
        "at nobody": (told.url.replace(public("par", world.id), public("par", uuid7())), told.body, told.headers()),
        "at no id": (told.url.replace(public("par", world.id), "x"), told.body, told.headers()),
        "at another gateway": (told.url.replace("/stripe/", "/sandbox/"), told.body, told.headers()),
        "no text": (told.url, b"\xff\xfe", Letter(told.url, b"\xff\xfe", told.secret).headers()),
        "no event": (told.url, b"[]", Letter(told.url, b"[]", told.secret).headers()),
    }
    for what, (url, body, headers) in refused.items():
        assert put(url, body, headers) == 400, what
    assert news(world) == news(other_world) == []
    assert put(told.url, told.body, told.headers(age=290)) == 200


def test_an_event_of_the_other_mode_is_refused(account: Account, world: World) -> None:
    account.is_live = True
    told = letter(account)
    assert put(told.url, told.body, told.headers()) == 400
    assert news(world) == []


def test_what_is_too_long_is_not_read_and_only_posts_are_taken(account: Account) -> None:
    told = letter(account, padding="x" * LARGEST_BODY)
    assert put(told.url, told.body, told.headers()) == 413
    path = told.url.removeprefix("http://testserver")
    assert Client(enforce_csrf_checks=True).get(path).status_code == 405


def test_nothing_secret_is_logged(
    account: Account, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    told = letter(account, email="ada@example.com")
    with caplog.at_level(logging.DEBUG):
        put(told.url, told.body, told.headers())
        put(told.url, told.body + b" ", told.headers())
    logged = caplog.text + capsys.readouterr().out
    assert "webhook_refused" in logged
    for secret in (told.secret, told.headers()["Stripe-Signature"], "ada@example.com"):
        assert secret not in logged


def test_while_a_secret_is_replaced_both_are_taken_for_a_day(account: Account, double: Double, world: World) -> None:
    old = letter(account)
    make_endpoint(actor=world.system, now=system_now())
    assert len(list(account.of("webhook_endpoint"))) == 1
    new = letter(account)
    assert new.secret != old.secret
    assert [put(one.url, one.body, one.headers()) for one in (old, new)] == [200, 200]
    with tenant(world.id):
        StripeSecret.objects.exclude(ends_at=None).update(ends_at=system_now())
    assert put(old.url, old.body, old.headers()) == 400
    set_secret(" whsec_byHand0123 ", actor=world.system, now=system_now() + 2 * BOTH_FOR)
    by_hand = Letter(new.url, new.body, "whsec_byHand0123")
    assert put(by_hand.url, by_hand.body, by_hand.headers()) == 200
    with tenant(world.id):
        assert StripeSecret.objects.for_partner(world.id).count() == 2
    with pytest.raises(InvalidSecret) as refused:
        set_secret("sk_test_1234567890", actor=world.system, now=world.now)
    assert refused.value.field == "secret"


def test_without_a_connection_nothing_is_taken(account: Account, double: Double, world: World) -> None:
    told = letter(account)
    # An account of somebody else: the secret of the one before opens nothing.
    connect("sk_test_anotherAccount", actor=world.system, now=world.now)
    assert put(told.url, told.body, told.headers()) == 400
    disconnect(actor=world.system, now=world.now)
    assert put(told.url, told.body, told.headers()) == 400
    with tenant(world.id):
        assert not StripeSecret.objects.for_partner(world.id).exists()


def test_a_key_that_may_make_no_endpoint_says_so(double: Double, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    double.refused_keys.add(KEY)
    with pytest.raises(EndpointRefused) as refused:
        make_endpoint(actor=world.system, now=world.now)
    assert refused.value.field == "key"


def test_what_cannot_be_looked_up_waits_and_comes_again_uncounted(
    account: Account, double: Double, terms: Terms, world: World
) -> None:
    charge(terms.gateway, world.id, terms.request("pm_card_createDispute"))
    post = Post(put)
    assert post.deliver(account)
    double.is_down = True
    world.drain("news", now=system_now())
    with tenant(world.id):
        waiting = GatewayNews.objects.for_partner(world.id).filter(topic="dispute")
        assert set(waiting.values_list("state", "attempts", "parked_at")) == {("waiting", 0, None)}


def test_news_of_a_dispute_of_an_unbooked_charge_wait_for_a_person_in_the_end(
    account: Account, terms: Terms, world: World
) -> None:
    charge(terms.gateway, world.id, terms.request("pm_card_createDispute"))
    Post(put).deliver(account)
    for days in range(6):
        world.drain("news", now=system_now().replace(year=2030 + days))
    with tenant(world.id):
        row = GatewayNews.objects.for_partner(world.id).filter(topic="dispute").first()
        assert row is not None
        assert row.parked_at is not None
        assert "no such payment" in row.last_error


def test_a_card_that_changes_or_goes_at_stripe_does_so_here(account: Account, world: World) -> None:
    customer, gateway = world.customer(), gateway_named("stripe")
    theirs = account.make("customer", "cus", metadata={})
    card: Object = answer(account, "POST", "/v1/payment_methods/pm_card_visa/attach", {"customer": theirs["id"]})
    facts = gateway.describe_method(world.id, card["id"])
    with tenant(world.id):
        add_method(customer, gateway="stripe", ref=card["id"], facts=facts, actor=world.system, now=world.now)
    path, post = f"/v1/payment_methods/{card['id']}", Post(put, times=3)
    for _ in range(2):
        answer(account, "POST", path, {"card": {"exp_month": "7", "exp_year": "2031"}})
        post.deliver(account)
        world.drain("news", now=system_now())
    with tenant(world.id):
        [method] = methods_of(world.id, customer)
        assert (method.exp_month, method.exp_year, method.is_default) == (7, 2031, True)
    answer(account, "POST", f"{path}/detach", {})
    post.deliver(account)
    world.drain("news", now=system_now())
    with tenant(world.id):
        [method] = methods_of(world.id, customer)
        assert not method.is_default
        assert method.replaced_at is not None
        told = Event.objects.for_partner(world.id).filter(object_type="payment_method").order_by("sequence")
        assert [one.kind.removeprefix("payment_method.") for one in told] == ["added", "updated", "removed"]


def test_a_partner_that_shares_the_account_is_told_and_moves_nothing(
    account: Account, terms: Terms, world: World, other_world: World
) -> None:
    connect(KEY, actor=other_world.system, now=other_world.now)
    make_endpoint(actor=other_world.system, now=other_world.now)
    assert charge(terms.gateway, world.id, terms.request("pm_card_createDispute")).status is ChargeStatus.SUCCEEDED
    Post(put).deliver(account)
    other_world.drain("news", now=system_now())
    assert {state for _, state, _ in news(other_world)} == {"ignored"}


def test_the_answer_holds_nothing_but_the_field(account: Account) -> None:
    told = letter(account)
    answered = Client().post(told.url, told.body, content_type="application/json")
    assert json.loads(answered.content) == {"error": "webhook_refused", "field": "signature"}
