"""A customer pays on the telephone: our page, Stripe's, and ours again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from billing.gateway.stripe.accounts import connect
from billing.queries.pay_links import Payer, pay_link
from partnerpanel.embedded.stripe.server import serving
from tests.billing.gateway.stripe_worlds import KEY, point_at
from tests.browser import PHONE, Theme, no_complaints, scrolls_sideways, serious_findings
from tests.panel.conftest import Visit
from tests.people import make_team
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "theme"), [(PHONE, "light"), (1440, "dark")])
def test_the_link_leads_to_stripe_and_back(
    visit: Visit, live_server: LiveServer, settings: Settings, width: int, theme: Theme
) -> None:
    settings.PUBLIC_URL = live_server.url
    world = World(make_team("eastwind").partner)
    customer = world.customer()
    with serving() as double:
        point_at(double.url, settings)
        connect(KEY, actor=world.system, now=world.now)
        link = pay_link(world.id, Payer(customer))
        page = visit(link.removeprefix(live_server.url), width=width, theme=theme)
        with no_complaints(page):
            assert not scrolls_sideways(page)
            assert serious_findings(page) == []
            page.get_by_role("button", name="Go on to enter a card").click()
            expect(page.get_by_role("heading", name="Enter a card")).to_be_visible()
            page.get_by_label("Card").select_option("pm_card_visa")
            page.get_by_role("button", name="Save card").click()
            expect(page.get_by_role("heading", name="Your card is kept")).to_be_visible()
            assert serious_findings(page) == []
