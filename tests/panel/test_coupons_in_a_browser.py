"""A coupon is made with the mouse: only what the choice needs is asked, and what is wrong is said."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE, Theme, no_complaints, scrolls_sideways, serious_findings
from tests.panel.conftest import Visit
from tests.people import make_team
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (PHONE, "dark")])
def test_a_new_coupon_asks_for_what_was_chosen_and_stands_in_the_list(visit: Visit, width: int, theme: Theme) -> None:
    team = make_team("eastwind")
    World(team.partner).plan("Basic")
    page = visit(f"/panel/{team.partner.slug}/settings/coupons/", user=team.owner.user, width=width, theme=theme)
    page.get_by_role("link", name="New coupon").click()
    popup = page.locator("#popup")
    with no_complaints(page):
        expect(popup.get_by_label("Percent")).to_be_visible()
        for hidden in ("Amount", "Currency", "Number of periods"):
            expect(popup.get_by_label(hidden, exact=False).first).to_be_hidden()
        popup.get_by_label("Takes off").select_option("amount")
        expect(popup.get_by_label("Percent")).to_be_hidden()
        expect(popup.get_by_label("Currency")).to_be_visible()
        popup.get_by_label("Takes off").select_option("percent")
        popup.get_by_label("Lasts").select_option("periods")
        popup.get_by_label("Code").fill("SPRING")
        popup.get_by_label("Percent").fill("25")
        popup.get_by_label("Number of periods").fill("3")
        assert serious_findings(page) == []
        popup.get_by_role("button", name="Create coupon").click()
        row = page.locator("#coupons li").filter(has_text="SPRING")
        expect(row).to_contain_text("25 % off for 3 periods")
        expect(row).to_contain_text("redeemed 0 times")
        assert not scrolls_sideways(page)
        assert serious_findings(page) == []
