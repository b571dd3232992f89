"""Refunding with the mouse, from the customer's page to the credit note."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from tests.actions.selling import Shop
from tests.browser import PHONE, Theme, no_complaints, preview, scrolls_sideways, serious_findings
from tests.panel.conftest import Visit
from tests.people import make_team
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (PHONE, "dark")])
def test_a_part_is_refunded_and_its_credit_note_is_one_click_away(visit: Visit, width: int, theme: Theme) -> None:
    team = make_team("eastwind")
    now = system_now()
    yesterday = now - timedelta(days=1)
    shop = Shop(World(team.partner, now=yesterday), team.owner, now=yesterday)
    buyer = shop.buyer("Basic", days_ago=29, name="Anna Meyer")
    buyer.lives_until(now)
    slug = team.partner.slug
    address = f"/panel/{slug}/customers/{public('cus', buyer.customer)}/"
    page = visit(address, user=team.owner.user, width=width, theme=theme)
    with no_complaints(page):
        page.locator("#invoices").get_by_role("link", name="Refund").click()
        popup = page.locator("#popup")
        popup.get_by_text("Can be refunded").wait_for()
        assert serious_findings(page) == []
        assert not scrolls_sideways(page)
        preview(page, lambda: popup.get_by_label("How much").select_option("amount"))
        popup.get_by_label("Amount").fill("40.00")
        preview(page, lambda: popup.get_by_label("Amount").press("Tab"))
        popup.get_by_text("Banks take 5 to 10 days").first.wait_for()
        preview(page, lambda: popup.get_by_label("Reason").select_option("goodwill"))
        assert serious_findings(page) == []
        popup.get_by_role("button", name="Yes, Refund").click()
        page.locator(".toast").filter(has_text="€40.00 is refunded").wait_for()
        page.locator("#refunds").get_by_text("Goodwill").wait_for()
        page.locator("#refunds").get_by_role("link").first.click()
        page.get_by_role("heading", level=1).filter(has_text="CN-000001").wait_for()
        assert not scrolls_sideways(page)
        assert serious_findings(page) == []
    assert buyer.credit_notes == ["40.00"]
