"""Recording a payment with the mouse, from the customer's page to the paid invoice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from tests.browser import PHONE, no_complaints, scrolls_sideways, serious_findings
from tests.panel.conftest import Visit
from tests.people import make_team
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1440, PHONE])
def test_a_payment_is_recorded_in_the_popup_and_the_page_follows(visit: Visit, width: int) -> None:
    team = make_team("eastwind")
    now = system_now()
    world = World(team.partner, now=now - timedelta(days=40))
    customer = world.customer("Anna Meyer")
    world.subscription(customer=customer, started_at=now - timedelta(days=45))
    world.drain("subscriptions", now=now)
    slug = team.partner.slug
    page = visit(f"/panel/{slug}/customers/{public('cus', customer)}/", user=team.owner.user, width=width)
    with no_complaints(page):
        assert serious_findings(page) == []
        assert not scrolls_sideways(page)
        page.locator("#next-charge").get_by_role("link", name="Record payment").click()
        popup = page.locator("#popup")
        popup.get_by_text("Paid until").wait_for()
        expect(popup.get_by_label("Amount")).to_have_value("30.00")
        assert serious_findings(page) == []
        popup.get_by_label("Note").fill("statement 7")
        popup.get_by_role("button", name="Yes, Record payment").click()
        page.get_by_text("recorded for Basic").wait_for()
        page.locator("#invoices").get_by_text("statement 7").wait_for()
        page.locator("#invoices").get_by_role("link").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("INV-")
        assert not scrolls_sideways(page)
        assert serious_findings(page) == []
        expect(page.locator("h1 ~ .badge, .page-header .badge").first).to_have_text("Paid")
