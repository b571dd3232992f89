"""Pages and popups of money, asked for like a browser without a script does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from billing.methods.queries import default_method_of
from billing.queries.customer_money import customer_money
from billing.queries.invoice_list import InvoiceTab, invoice_page
from billing.queries.invoice_page import InvoiceView, invoice_view
from billing.services.cards import add_card
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public, uuid7
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from tests.actions.carry_out import everything
from tests.people import Person, Team
from tests.world import World

# A day after the first renewal of every subscription of the world.
LATER = datetime(2026, 4, 6, 9, 0, tzinfo=UTC)
PAYMENT = {"amount": "30.00", "source": "bank", "received_on": "2026-04-06", "note": "statement 7"}


@dataclass(frozen=True)
class Owing:
    """A customer whose renewal is unpaid, and the panel as somebody sees it."""

    world: World
    customer: UUID
    subscription: UUID

    def address(self, what: str) -> str:
        kind, id_ = ("customers", public("cus", self.customer))
        if what != "card":
            kind, id_ = "subscriptions", public("sub", self.subscription)
        return f"/panel/{self.world.partner.slug}/{kind}/{id_}/{what}/"

    def invoice(self) -> InvoiceView:
        with tenant(self.world.id):
            rows = invoice_page(self.world.id, tab=InvoiceTab.ALL, search="", cursor=None, limit=5).rows
            return invoice_view(self.world.id, rows[-1].id)


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


def owing(world: World) -> Owing:
    customer = world.customer()
    subscription = world.subscription(customer=customer)
    world.drain("subscriptions", now=LATER)
    return Owing(world, customer, subscription)


@pytest.fixture
def debt(world: World) -> Owing:
    return owing(world)


def test_a_payment_is_recorded_for_what_is_owed(debt: Owing, owner: Person) -> None:
    client = owner.client()
    popup = client.get(debt.address("payment")).content.decode()
    assert 'value="30.00"' in popup
    assert "Yes, Record payment" in popup
    answer = client.post(debt.address("payment"), PAYMENT, follow=True)
    assert answer.redirect_chain
    assert "recorded for Basic" in answer.content.decode()
    found = debt.invoice()
    assert (found.status, [payment.note for payment in found.payments]) == ("paid", ["statement 7"])


def test_a_payment_sent_twice_is_booked_once(debt: Owing, owner: Person) -> None:
    client = owner.client()
    client.post(debt.address("payment"), PAYMENT)
    after = everything(debt.world)
    again = client.post(debt.address("payment"), PAYMENT)
    assert again.status_code == 422
    assert "Nothing is owed" in again.content.decode()
    assert everything(debt.world) == after


def test_a_payment_for_another_term_than_was_shown_is_refused(debt: Owing, owner: Person) -> None:
    before = everything(debt.world)
    answer = owner.client().post(debt.address("payment"), PAYMENT | {"term": "99"})
    assert answer.status_code == 409
    assert "Something was paid since you looked" in answer.content.decode()
    assert everything(debt.world) == before


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "-30"}, "amount"),
        ({"amount": "much"}, "amount"),
        ({"amount": "30.001"}, "amount"),
        ({"received_on": "2026-04-07"}, "received_on"),
        ({"received_on": "2025-01-01"}, "received_on"),
        ({"received_on": ""}, "received_on"),
        ({"source": "card"}, "source"),
        ({"note": " "}, "note"),
    ],
)
def test_a_wrong_payment_names_its_field(debt: Owing, owner: Person, wrong: dict[str, str], field: str) -> None:
    before = everything(debt.world)
    answer = owner.client().post(debt.address("payment"), PAYMENT | wrong)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert everything(debt.world) == before


def test_a_new_card_is_charged_at_once_and_pays(debt: Owing, owner: Person) -> None:
    client = owner.client()
    assert "What is open is charged at once" in client.get(debt.address("card")).content.decode()
    answer = client.post(debt.address("card"), {"method": "sandbox_ok"}, follow=True)
    assert "1 open renewal is being charged" in answer.content.decode()
    assert debt.invoice().attempts[0].status == "intent"
    debt.world.drain("charges", now=LATER)
    assert debt.invoice().status == "paid"
    with tenant(debt.world.id):
        money = customer_money(debt.world.id, debt.customer, [debt.subscription], now=LATER)
        assert default_method_of(debt.world.id, [debt.customer])[debt.customer].last4 == "0001"
    assert money.coming[0].charge.without is None
    assert not money.coming[0].payable


def test_a_charge_is_asked_for_once_and_shown_as_being_checked(debt: Owing, owner: Person) -> None:
    client = owner.client()
    assert "There is no card on file" in client.get(debt.address("charge")).content.decode()
    client.post(debt.address("card"), {"method": "sandbox_soft_decline"})
    debt.world.drain("charges", now=LATER)
    assert "too little money" in _page_of(client, debt)
    assert "is charged to sandbox 0002 now" in client.get(debt.address("charge")).content.decode()
    assert client.post(debt.address("charge"), {}).status_code == 302
    again = client.post(debt.address("charge"), {})
    assert again.status_code == 409
    assert "A charge is being checked" in again.content.decode()
    assert "A charge is being checked" in client.get(debt.address("payment")).content.decode()
    assert len(debt.invoice().attempts) == 2


def _page_of(client: Client, debt: Owing) -> str:
    address = f"/panel/{debt.world.partner.slug}/invoices/{public('inv', debt.invoice().id)}/"
    return client.get(address).content.decode()


def test_nobody_is_charged_while_charging_is_stopped(debt: Owing, owner: Person, settings: Settings) -> None:
    client, at = owner.client(), f"/panel/{debt.world.partner.slug}/"
    assert client.post(at + "charging/stop/", {"reason": ""}).status_code == 422
    for _ in range(2):
        assert client.post(at + "charging/stop/", {"reason": "The bank is down"}).status_code == 302
    assert "The bank is down" in client.get(at + "customers/").content.decode()
    client.post(debt.address("card"), {"method": "sandbox_ok"})
    assert debt.invoice().attempts == []
    assert client.post(debt.address("charge"), {}).status_code == 409
    for _ in range(2):
        assert client.post(at + "charging/resume/").status_code == 302
    assert "Charging is stopped" not in client.get(at).content.decode().replace("Charging goes on", "")
    settings.CHARGING_STOPPED = True
    assert "whole installation" in client.get(at + "invoices/").content.decode()


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.READ_ONLY])
def test_other_roles_look_and_move_no_money(debt: Owing, team: Team, role: Role) -> None:
    client, before = team[role].client(), everything(debt.world)
    for what, data in (("payment", PAYMENT), ("charge", {}), ("card", {"method": "sandbox_ok"})):
        assert client.get(debt.address(what)).status_code == 403
        assert client.post(debt.address(what), data).status_code == 403
    assert client.post(f"/panel/{debt.world.partner.slug}/charging/stop/", {"reason": "x"}).status_code == 403
    page = client.get(f"/panel/{debt.world.partner.slug}/customers/{public('cus', debt.customer)}/").content.decode()
    assert "Record payment" not in page
    assert everything(debt.world) == before


def test_another_partners_ids_are_like_none(debt: Owing, other_world: World, owner: Person) -> None:
    theirs = owing(other_world)
    client, before = owner.client(), everything(other_world)
    slug = debt.world.partner.slug
    for id_ in (theirs.subscription, uuid7()):
        for what, data in (("payment", PAYMENT), ("charge", {})):
            assert client.post(f"/panel/{slug}/subscriptions/{public('sub', id_)}/{what}/", data).status_code == 404
    for id_ in (theirs.customer, uuid7()):
        address = f"/panel/{slug}/customers/{public('cus', id_)}/card/"
        assert client.post(address, {"method": "sandbox_ok"}).status_code == 404
    for id_ in (theirs.invoice().id, uuid7()):
        assert client.get(f"/panel/{slug}/invoices/{public('inv', id_)}/").status_code == 404
    assert everything(other_world) == before


def test_one_subscription_is_given_a_card_of_its_own_which_pays_what_is_open(debt: Owing, owner: Person) -> None:
    client, world = owner.client(), debt.world
    page = f"/panel/{world.partner.slug}/customers/{public('cus', debt.customer)}/"
    popup = f"/panel/{world.partner.slug}/subscriptions/{public('sub', debt.subscription)}/card/"
    first, second = (
        add_card(debt.customer, gateway="sandbox", ref=ref, actor=world.system, now=world.now)
        for ref in ("sandbox_soft_decline", "sandbox_ok")
    )
    assert popup in client.get(page).content.decode()
    assert "is open, and is charged to the card at once" in client.get(popup).content.decode()
    client.post(popup, {"card": public("pm", second)})
    world.drain("charges", now=system_now())
    assert world.read_subscription(debt.subscription).collection == "current"
    assert "chosen for it" in client.get(page).content.decode()
    with tenant(world.id):
        assert default_method_of(world.id, [debt.customer])[debt.customer].id == first


def test_an_invoice_says_how_its_amount_came_about(debt: Owing, owner: Person) -> None:
    page = _page_of(owner.client(), debt)
    assert "30.00 = Basic, 1 × 30.00 for Apr 5, 2026 – May 5, 2026" in page
    assert "No card was charged for this invoice." in page


def test_home_tells_of_failing_renewals_and_when_grace_ends(debt: Owing, owner: Person) -> None:
    page = owner.client().get(f"/panel/{debt.world.partner.slug}/").content.decode()
    assert "Failing payments" in page
    assert "deadline Apr 13, 2026" in page
    with time_machine.travel(datetime(2026, 4, 11, 9, 0, tzinfo=UTC), tick=False):
        page = owner.client().get(f"/panel/{debt.world.partner.slug}/").content.decode()
    assert "Grace ending" in page


@pytest.mark.parametrize(("query", "shown"), [("?q=1", 1), ("?q=inv-000002", 1), ("?q=INV", 0), ("?tab=paid", 0)])
def test_invoices_are_found_by_number_and_tab(world: World, owner: Person, query: str, shown: int) -> None:
    world.subscriptions(world.customers(3))
    world.drain("subscriptions", now=LATER)
    page = owner.client().get(f"/panel/{world.partner.slug}/invoices/{query}").content.decode()
    assert page.count('<th role="rowheader"') == shown


def test_the_list_asks_as_much_for_many_as_for_few(world: World, owner: Person) -> None:
    client, counted = owner.client(), []
    for _ in range(2):
        world.subscriptions(world.customers(4))
        world.drain("subscriptions", now=LATER)
        for address in ("invoices/?cursor=damaged", ""):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/panel/{world.partner.slug}/{address}").status_code == 200
            counted.append(len(queries))
    assert counted[:2] == counted[2:]
