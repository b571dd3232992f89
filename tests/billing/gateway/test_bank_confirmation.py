"""The bank wants the customer to confirm a charge: the mail leads there, and the same charge takes the money, once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import pytest
from django.test import Client

from billing.models import PaymentAttempt
from billing.queries.pay_links import Payer, confirm_link, pay_link
from notifications.models import Message
from partnerpanel.embedded.stripe.account import Account, Object
from partnerpanel.embedded.stripe.bank import answered
from partnerpanel.embedded.stripe.intents import authenticate
from partnerpanel.embedded.stripe.server import Double
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.scope import tenant
from tests.billing.gateway.stripe_worlds import KEY, double
from tests.faults.gateways import STRIPE, Tried
from tests.faults.renewals import due_renewals
from tests.panel.scriptless import text
from tests.world import World

__all__ = ["double"]

ASKS = Tried(**{**STRIPE.__dict__, "pays": STRIPE.asks, "connect": lambda _: None})


@dataclass
class Asked:
    """A customer whose bank wants a renewal confirmed, and the link of the mail about it."""

    world: World
    double: Double
    account: Account
    link: str

    @property
    def intent(self) -> Object:
        [intent] = self.account.of("payment_intent")
        return intent

    def follows(self, link: str = "") -> tuple[str, str]:
        """What our page says, and where it leads."""
        address, _, code = (link or self.link).partition("#")
        assert "Until then nothing is charged." in text(Client().get(address))
        answer = Client().post(address, {"code": code})
        return text(answer), answer.headers.get("Refresh", "").removeprefix("0;url=")

    def answers(self, answer: str) -> str:
        """Follows the link to the bank, answers there and is led back; what our page says then."""
        _, bank = self.follows()
        assert bank == f"{self.double.url}/bank/{self.intent['id']}"
        return text(Client().get(answered(self.account, self.intent, {"answer": answer})))

    def attempt(self) -> PaymentAttempt:
        with tenant(self.world.id):
            return PaymentAttempt.objects.for_partner(self.world.id).get()


@pytest.fixture
def asked(double: Double, world: World) -> Asked:
    due_renewals(world, ASKS, 1)
    world.drain("subscriptions", "charges", "outbox", "mail", now=world.now)
    with tenant(world.id):
        body = Message.objects.for_partner(world.id).get(kind="subscription_payment_needs_confirmation").body
    found = re.search(r"http://testserver/pay/\S+/confirm/#\S+", body)
    assert found, body
    return Asked(world, double, double.accounts[KEY], found[0])


def test_what_is_confirmed_is_paid_once_however_often_the_link_is_followed(asked: Asked) -> None:
    assert "Paid. Thank you!" in asked.answers("confirm")
    assert asked.attempt().status == "succeeded"
    for _ in range(2):
        said, leads = asked.follows()
        assert "Paid. Thank you!" in said
        assert not leads
    asked.world.drain("charges", now=asked.world.now + timedelta(hours=1))
    [charge] = [one for one in asked.account.of("charge") if one["status"] == "succeeded"]
    assert charge["payment_intent"] == asked.intent["id"]


def test_what_is_refused_is_a_decline_and_the_link_leads_to_another_card(asked: Asked) -> None:
    assert "The card was declined" in asked.answers("refuse")
    declined = asked.attempt()
    assert (declined.status, declined.decline_code) == ("declined", "payment_intent_authentication_failure")
    _, leads = asked.follows()
    assert leads.startswith(f"{asked.double.url}/c/pay/")
    assert not [one for one in asked.account.of("charge") if one["status"] == "succeeded"]


def test_the_address_of_the_bank_is_a_new_one_where_it_went(asked: Asked) -> None:
    intent = asked.intent
    intent |= {"status": "requires_payment_method", "next_action": None}
    intent["last_payment_error"] = {"code": "authentication_required", "message": "It wants to see the customer."}
    assert "Paid. Thank you!" in asked.answers("confirm")
    assert len(list(asked.account.of("payment_intent"))) == 1


def test_who_confirms_elsewhere_and_comes_late_has_paid(asked: Asked) -> None:
    authenticate(asked.account, asked.intent)
    said, leads = asked.follows()
    assert "Paid. Thank you!" in said
    assert not leads
    assert asked.attempt().status == "succeeded"


def test_the_banks_page_has_two_buttons(asked: Asked) -> None:
    _, bank = asked.follows()
    with urlopen(bank) as said:  # noqa: S310 – the double's own
        page = said.read().decode()
    assert "30.00 EUR" in page
    assert re.findall(r'value="(\w+)"', page) == ["confirm", "refuse"]
    where = urlsplit(bank)
    browser = HTTPConnection(where.netloc)
    browser.request("POST", where.path, urlencode({"answer": "confirm"}))
    answer = browser.getresponse()
    browser.close()
    assert answer.status == 303
    assert answer.headers["Location"].startswith(f"http://testserver/pay/{public('par', asked.world.id)}/confirm/att_")
    assert asked.intent["status"] == "succeeded"


def test_links_that_are_changed_or_of_another_partner_lead_nowhere(asked: Asked, other_world: World) -> None:
    address, _, code = asked.link.partition("#")
    charge = asked.attempt()
    payer = Payer(charge.customer_id, charge.subscription_id)
    theirs = confirm_link(other_world.id, payer).partition("#")[2]
    uncharged = confirm_link(asked.world.id, Payer(charge.customer_id)).partition("#")[2]
    pages = {text(Client().post(address, {"code": wrong})) for wrong in (code[:-1], "x", theirs, uncharged)}
    assert len(pages) == 1
    assert "This link no longer works" in pages.pop()
    at, strange = public("par", other_world.id), public("att", charge.pk)
    assert "This link no longer works" in text(Client().get(f"/pay/{at}/confirm/{strange}/"))
    assert asked.attempt().status == "action_required"


def test_the_link_to_pay_is_another(asked: Asked) -> None:
    charge = asked.attempt()
    link = pay_link(asked.world.id, Payer(charge.customer_id, charge.subscription_id))
    assert "/confirm/" not in link


def test_stripe_away_is_said_so(asked: Asked) -> None:
    asked.double.is_down = True
    address, _, code = asked.link.partition("#")
    answer = Client().post(address, {"code": code})
    assert answer.status_code == 503
    assert "Stripe gives no answer" in text(answer)
