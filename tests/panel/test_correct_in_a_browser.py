"""Correcting an invoice with the mouse, until both name each other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from tests.actions.selling import Shop
from tests.actions.test_correct_invoice import BUSINESS_ABROAD, says
from tests.actions.test_invoice_verbs import invoice_of
from tests.browser import PHONE, Theme, no_complaints, scrolls_sideways, serious_findings
from tests.panel.conftest import Visit
from tests.people import make_team
from tests.taxing import charges_tax
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (PHONE, "dark")])
def test_a_business_abroad_gets_an_invoice_without_tax_in_the_place_of_the_first(
    visit: Visit, width: int, theme: Theme
) -> None:
    team = make_team("eastwind")
    now = system_now()
    yesterday = now - timedelta(days=1)
    world = World(team.partner, now=yesterday)
    charges_tax(world, "19")
    shop = Shop(world, team.owner, now=yesterday)
    buyer = shop.buyer("Basic", days_ago=29, name="Anna Meyer")
    buyer.lives_until(now)
    says(buyer, **BUSINESS_ABROAD)
    first = f"/panel/{team.partner.slug}/invoices/{public('inv', invoice_of(buyer).pk)}/"
    page = visit(first, user=team.owner.user, width=width, theme=theme)
    with no_complaints(page):
        page.get_by_role("link", name="Correct", exact=True).click()
        popup = page.locator("#popup")
        expect(popup).to_contain_text("takes its place and is paid with that")
        expect(popup).to_contain_text("€19.00")
        assert serious_findings(page) == []
        assert not scrolls_sideways(page)
        popup.get_by_label("Note").fill("they sent their tax id")
        popup.get_by_role("button", name="Yes, Correct").click()
        expect(page.locator(".toast")).to_contain_text("is corrected")
        expect(page.get_by_text("has taken its place")).to_be_visible()
        assert serious_findings(page) == []
        page.get_by_role("link", name="INV-000002").click()
        expect(page.locator("#received")).to_contain_text("It was paid with INV-000001, whose place it takes.")
        expect(page.locator("#lines")).to_contain_text("as on INV-000001, which is corrected by this")
        assert not scrolls_sideways(page)
        assert serious_findings(page) == []
    assert (buyer.invoices, buyer.balance) == ([("paid", "119.00"), ("paid", "100.00")], "19.00")
