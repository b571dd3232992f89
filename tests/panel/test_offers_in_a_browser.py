"""An offer is made with the mouse and stands in the list and the report; every page of it is good on a phone, too."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from partnerpanel.kernel.clock import system_now
from tests.actions.selling import Shop
from tests.browser import PHONE, Theme, no_complaints, scrolls_sideways, serious_findings
from tests.offers.leaving import Leaver
from tests.panel.conftest import Visit
from tests.people import make_team
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (PHONE, "dark")])
def test_an_offer_is_made_and_counted(visit: Visit, width: int, theme: Theme) -> None:
    team = make_team("eastwind")
    shop = Shop(World(team.partner, now=system_now()), team.owner, now=system_now())
    leaver = Leaver.of(shop.buyer(name="Anna Alder"))
    panel = f"/panel/{team.partner.slug}/"
    page = visit(f"{panel}settings/offers/", user=team.owner.user, width=width, theme=theme)
    with no_complaints(page):
        page.get_by_role("link", name="New offer").click()
        popup = page.locator("#popup")
        popup.get_by_label("Name").fill("A rest")
        popup.get_by_label("Offer", exact=True).select_option("pause")
        popup.get_by_label("Months of pause").select_option("2")
        popup.get_by_label("Not used").check()
        assert serious_findings(page) == []
        popup.get_by_role("button", name="Create offer").click()
        row = page.locator("#offers li").filter(has_text="A rest")
        expect(row).to_contain_text("2 months of pause")
        assert not scrolls_sideways(page)
        assert serious_findings(page) == []
        assert leaver.says("unused") is not None
        leaver.leaves("unused")
        row.get_by_role("link", name="A rest").click()
        expect(page.get_by_role("heading", name="A rest")).to_be_visible()
        assert not scrolls_sideways(page)
        assert serious_findings(page) == []
        page.goto(f"{panel}reports/leaving/")
        expect(page.locator("#reasons")).to_contain_text("Not used")
        assert not scrolls_sideways(page)
        assert serious_findings(page) == []
        page.locator("#reasons").get_by_role("link", name="1", exact=True).first.click()
        expect(page.get_by_role("link", name="Anna Alder")).to_be_visible()
        assert not scrolls_sideways(page)
        assert serious_findings(page) == []
