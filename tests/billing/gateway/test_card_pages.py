"""A customer follows the link of a mail, enters a card at Stripe, and has paid: once, whoever tells us first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from billing.gateway.port import MethodFacts
from billing.gateway.stripe.endpoints import make_endpoint
from billing.methods.queries import default_method_of
from billing.methods.services import add_method
from billing.models import Invoice, PaymentAttempt
from billing.queries.pay_links import GOOD_FOR, Payer, pay_link
from billing.reconciliation.compare import reconcile
from notifications.models import Message
from partnerpanel.embedded.stripe.account import Account, Object
from partnerpanel.embedded.stripe.checkout import complete
from partnerpanel.embedded.stripe.post import Post
from partnerpanel.embedded.stripe.server import Double
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription
from tests.billing.gateway.stripe_worlds import KEY, double, put
from tests.panel.scriptless import text
from tests.people import Team
from tests.world import World

__all__ = ["double"]

VISA, DECLINED = "pm_card_visa", "pm_card_chargeDeclinedInsufficientFunds"


@dataclass
class Debtor:
    """A customer whose renewal was declined, and the link of the mail about it."""

    world: World
    account: Account
    customer: UUID
    subscription: UUID
    link: str

    def opens(self, link: str = "") -> Object:
        """Follows the link to Stripe's page, which waits then."""
        address, _, code = (link or self.link).partition("#")
        asked = Client().get(address)
        assert "What is open is charged to it at once." in text(asked)
        answer = Client().post(address, {"code": code})
        assert answer.status_code == 200, text(answer)
        where = answer.headers["Refresh"].removeprefix("0;url=")
        return self.account.objects[where.rpartition("/")[2]]

    def enters(self, session: Object, card: str) -> str:
        """Enters a card there and comes back; what our page says."""
        return text(Client().get(complete(self.account, session, card)))

    def is_told(self, times: int = 3) -> None:
        Post(put, times=times).deliver(self.account)
        self.world.drain("news", "charges", now=system_now())

    def charges(self) -> list[tuple[str, str]]:
        with tenant(self.world.id):
            rows = PaymentAttempt.objects.for_partner(self.world.id).filter(customer=self.customer)
            return list(rows.order_by("made_at", "pk").values_list("purpose", "status"))


@pytest.fixture
def debtor(double: Double, world: World) -> Debtor:
    make_endpoint(actor=world.system, now=world.now)
    _due(world)
    world.drain("subscriptions", "charges", "outbox", "mail", now=world.now)
    with tenant(world.id):
        row = Subscription.objects.for_partner(world.id).get()
        body = Message.objects.for_partner(world.id).get(kind="subscription_payment_failed").body
    found = re.search(r"http://testserver/pay/\S+", body)
    assert found, body
    return Debtor(world, double.accounts[KEY], row.customer_id, row.pk, found[0])


def _due(world: World) -> None:
    """One renewal whose card, at this partner's account, is declined."""
    world.now = system_now()
    past = World(world.partner, now=world.now - timedelta(days=32))
    customer = past.customer()
    past.subscription(customer=customer, started_at=past.now, with_service=False)
    with tenant(world.id):
        facts = MethodFacts("Visa", "9995", 12, 2099)
        add_method(customer, gateway="stripe", ref=DECLINED, facts=facts, actor=world.system, now=past.now)
    world.drain("outbox", "mail")


def test_a_card_that_is_entered_pays_at_once_and_is_the_one_that_renewals_charge(debtor: Debtor) -> None:
    session = debtor.opens()
    assert "30.00 is charged to this card at once" in session["_told"]
    assert "Paid. Thank you!" in debtor.enters(session, VISA)
    assert debtor.charges() == [("renewal", "declined"), ("new_card", "succeeded")]
    debtor.is_told()
    assert "Paid. Thank you!" in debtor.enters(session, VISA)
    assert len(list(debtor.account.of("payment_intent", status="succeeded"))) == 1
    with tenant(debtor.world.id):
        card = default_method_of(debtor.world.id, [debtor.customer])[debtor.customer]
        assert Invoice.objects.for_partner(debtor.world.id).get().status == "paid"
    assert (card.gateway, card.last4) == ("stripe", "4242")


def test_whoever_does_not_come_back_has_paid_all_the_same_and_a_hold_is_lifted(debtor: Debtor) -> None:
    later = debtor.world.now + timedelta(days=9)
    with time_machine.travel(later, tick=True):
        for days in range(1, 10):
            debtor.world.drain("subscriptions", "charges", now=debtor.world.now + timedelta(days=days))
        assert {kind for kind, *_ in debtor.world.open_holds(debtor.customer)} == {"nonpayment"}
        complete(debtor.account, debtor.opens(), VISA)
        debtor.is_told()
        debtor.world.drain("charges", "outbox", now=system_now())
    assert debtor.charges()[-1] == ("new_card", "succeeded")
    assert debtor.world.open_holds(debtor.customer) == set()
    assert len(list(debtor.account.of("payment_intent", status="succeeded"))) == 1


def test_where_nobody_tells_the_nightly_comparison_finds_the_card(debtor: Debtor) -> None:
    complete(debtor.account, debtor.opens(), VISA)
    for _ in range(2):
        reconcile(debtor.world.id, since=system_now() - timedelta(hours=1), now=system_now())
        debtor.world.drain("charges", now=system_now())
    assert debtor.charges() == [("renewal", "declined"), ("new_card", "succeeded")]


def test_a_card_that_is_declined_is_not_tried_again_by_itself(debtor: Debtor) -> None:
    session = debtor.opens()
    assert "The card was declined" in debtor.enters(session, DECLINED)
    debtor.is_told()
    assert "The card was declined" in debtor.enters(session, DECLINED)
    assert debtor.charges() == [("renewal", "declined"), ("new_card", "declined")]
    assert "Paid. Thank you!" in debtor.enters(debtor.opens(), VISA)


def test_where_the_bank_asks_the_page_leads_there(debtor: Debtor) -> None:
    assert "Your bank asks you to confirm" in debtor.enters(debtor.opens(), "pm_card_authenticationRequired")


def test_without_anything_open_the_card_is_kept_and_nothing_is_charged(debtor: Debtor) -> None:
    new = debtor.world.customer(email="new@eastwind.example")
    session = debtor.opens(pay_link(debtor.world.id, Payer(new)))
    assert "Nothing is charged now." in session["_told"]
    assert "Your card is kept" in debtor.enters(session, VISA)
    with tenant(debtor.world.id):
        assert default_method_of(debtor.world.id, [new])[new].last4 == "4242"
    assert not list(debtor.account.of("payment_intent", status="succeeded"))


def test_a_page_that_was_left_leaves_everything_as_it_was(debtor: Debtor) -> None:
    session = debtor.opens()
    back = f"/pay/{public('par', debtor.world.id)}/card/?page={session['id']}"
    assert "no longer works" in text(Client().get(back))
    assert debtor.charges() == [("renewal", "declined")]


def test_links_that_are_changed_old_or_of_another_partner_are_one_page(debtor: Debtor, other_world: World) -> None:
    address, _, code = debtor.link.partition("#")
    theirs = pay_link(other_world.id, Payer(debtor.customer, debtor.subscription))
    stranger = pay_link(debtor.world.id, Payer(other_world.customer()))
    pages = {text(Client().post(address, {"code": wrong})) for wrong in (code[:-1], "x", theirs, stranger)}
    with time_machine.travel(system_now() + GOOD_FOR + timedelta(days=1), tick=False):
        pages.add(text(Client().post(address, {"code": code})))
    assert len(pages) == 1
    assert "This link no longer works" in pages.pop()
    assert not list(debtor.account.of("checkout.session"))


def test_a_page_of_another_partner_brings_nothing_here(debtor: Debtor, other_world: World) -> None:
    session = debtor.opens()
    complete(debtor.account, session, VISA)
    elsewhere = f"/pay/{public('par', other_world.id)}/card/?page={session['id']}"
    assert "no longer works" in text(Client().get(elsewhere))


def test_stripe_away_is_said_so(debtor: Debtor, double: Double) -> None:
    address, _, code = debtor.link.partition("#")
    double.is_down = True
    answer = Client().post(address, {"code": code})
    assert answer.status_code == 503
    assert "Stripe gives no answer" in text(answer)


def test_people_hand_out_the_link(debtor: Debtor, team: Team) -> None:
    with tenant(debtor.world.id):
        invoice = Invoice.objects.for_partner(debtor.world.id).get()
    at, client = f"/panel/{debtor.world.partner.slug}", team.owner.client()
    page = client.get(f"{at}/invoices/{public('inv', invoice.pk)}/")
    assert "Payment link" in text(page)
    popup = client.get(f"{at}/invoices/{public('inv', invoice.pk)}/pay-link/").content.decode()
    assert debtor.link in popup
    popup = client.get(f"{at}/customers/{public('cus', debtor.customer)}/card/").content.decode()
    assert "sandbox" not in popup
    link = re.search(r"http://testserver/pay/[^\s\"<]+", popup)
    assert link
    session = debtor.opens(link[0])
    assert "30.00 is charged to this card at once" in session["_told"], "the link is the customer's, and so is the debt"
    assert "Paid. Thank you!" in debtor.enters(session, VISA)
