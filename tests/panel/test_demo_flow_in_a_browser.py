"""A card is added, charged, declined, replaced, refunded and disputed: by a customer and a colleague, at the double."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from billing.gateway.stripe.accounts import connect
from billing.gateway.stripe.endpoints import make_endpoint
from billing.queries.pay_links import Payer, pay_link
from notifications.models import Message
from partnerpanel.embedded.stripe.post import Post
from partnerpanel.embedded.stripe.server import Double, serving
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.scope import tenant
from tests.billing.gateway.stripe_worlds import KEY, point_at, put
from tests.browser import no_complaints, serious_findings
from tests.panel.conftest import Visit
from tests.people import Team, make_team
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUES = ("subscriptions", "charges", "outbox", "mail", "refunds")


@dataclass
class Walk:
    """One page, in which the customer and the colleague take turns."""

    team: Team
    world: World
    double: Double
    page: Page
    server: str
    customer: UUID

    def enters(self, link: str, card: str) -> None:
        """The customer follows a link and enters a card at Stripe's."""
        self.page.goto("about:blank")  # an address that differs behind the “#” alone loads nothing
        self.page.goto(link)
        with no_complaints(self.page):
            self.page.get_by_role("button", name="Go on to enter a card").click()
            self.page.get_by_label("Card").select_option(card)
            self.page.get_by_role("button", name="Save card").click()
            self.page.locator("main h1").wait_for()

    def says(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", name=heading)).to_be_visible()
        assert serious_findings(self.page) == []

    def buys(self) -> UUID:
        """A month that was over yesterday, so that the next one is due."""
        began = system_now() - timedelta(days=32)
        past = replace(self.world, now=began)
        bought = past.subscription(customer=self.customer, started_at=began, with_service=False)
        self.works()
        return bought

    def works(self) -> None:
        """What workers do; and Stripe tells what happened."""
        for _ in range(2):
            self.world.drain(*QUEUES, now=system_now())
            Post(put).deliver(self.double.account(KEY))
            self.world.drain("news", now=system_now())

    def looks(self, path: str) -> None:
        """The colleague opens a page of the panel."""
        self.page.goto(f"{self.server}/panel/{self.team.partner.slug}/{path}")

    def mailed_link(self, kind: str) -> str:
        with tenant(self.world.id):
            body = Message.objects.for_partner(self.world.id).filter(kind=kind).latest("queued_at").body
        return next(word for word in body.split() if word.startswith(f"{self.server}/pay/"))


@pytest.fixture
def walk(visit: Visit, live_server: LiveServer, settings: Settings) -> Iterator[Walk]:
    settings.PUBLIC_URL = live_server.url
    team = make_team("eastwind")
    world = World(team.partner, now=system_now())
    customer = world.customer("Anna Meyer")
    with serving() as double:
        point_at(double.url, settings)
        connect(KEY, actor=world.system, now=world.now)
        make_endpoint(actor=world.system, now=world.now)
        page = visit(urlsplit(pay_link(world.id, Payer(customer))).path, user=team.owner.user)
        yield Walk(team, world, double, page, live_server.url, customer)


def test_a_card_from_its_first_day_to_its_dispute(walk: Walk) -> None:
    page, of_anna = walk.page, f"customers/{public('cus', walk.customer)}/"
    link = pay_link(walk.world.id, Payer(walk.customer))

    walk.enters(link, "pm_card_visa")
    walk.says("Your card is kept")
    walk.buys()  # charged
    walk.looks(of_anna)
    expect(page.locator("#invoices")).to_contain_text("Paid")

    walk.enters(link, "pm_card_chargeDeclinedInsufficientFunds")
    walk.says("Your card is kept")
    walk.buys()  # declined
    walk.looks("invoices/?tab=open")
    expect(page.locator("main")).to_contain_text("Anna Meyer")

    walk.enters(walk.mailed_link("subscription_payment_failed"), "pm_card_createDispute")  # replaced
    walk.says("Paid. Thank you!")

    walk.looks(of_anna)
    page.locator("#invoices").get_by_role("link", name="Refund").last.click()
    popup = page.locator("#popup")
    popup.get_by_text("Can be refunded").wait_for()
    popup.get_by_label("Reason").select_option("requested")
    popup.get_by_role("button", name="Yes, Refund").click()
    page.locator(".toast").filter(has_text="refunded").wait_for()

    walk.works()  # disputed
    walk.looks("disputes/")
    expect(page.locator("main")).to_contain_text("Anna Meyer")
    assert serious_findings(page) == []
    account = walk.double.account(KEY)
    assert [one["status"] for one in account.of("refund")] == ["succeeded"]
    assert [one["status"] for one in account.of("dispute")] == ["needs_response"]
    assert len(list(account.of("payment_intent", status="succeeded"))) == 2
