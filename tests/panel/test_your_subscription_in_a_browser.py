"""A frozen partner with the mouse: every page leads to its subscription, a new card pays, and the panel opens."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from partnerpanel.kernel.clock import system_now
from tests.billed.billing_platform import Platform
from tests.browser import PHONE, no_complaints, preview, scrolls_sideways, serious_findings
from tests.panel.conftest import Visit
from tests.people import Team

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_new_card_opens_a_frozen_panel_and_the_plan_is_changed(visit: Visit, team: Team) -> None:
    platform = Platform.founded(system_now() - timedelta(days=30))
    platform.enrols(team.partner, card="declines")
    for ago in range(16, -1, -1):
        platform.world.now = system_now() - timedelta(days=ago)
        platform.settles()
    page = visit(f"/panel/{team.partner.slug}/customers/", user=team.owner.user, width=PHONE)
    with no_complaints(page):
        page.wait_for_url("**/your-subscription/")
        page.get_by_text("Frozen until your subscription is paid").wait_for()
        assert serious_findings(page) == []
        assert not scrolls_sideways(page)
        page.get_by_role("link", name="Replace card").click()
        popup = page.locator("#popup")
        popup.get_by_label("New card").select_option("sandbox_ok")
        assert serious_findings(page) == []
        popup.get_by_role("button", name="Yes, Replace card").click()
        page.get_by_text("Paid. Thank you").wait_for()
        expect(page.get_by_text("Frozen until")).to_have_count(0)
        page.get_by_role("link", name="Change plan").click()
        preview(
            page, lambda: popup.get_by_label("New plan").select_option(label="Scale · €249.00 per month · ↑ upgrade")
        )
        assert serious_findings(page) == []
        popup.get_by_role("button", name="Yes, Change Plan").click()
        expect(popup).to_be_hidden()
        page.get_by_role("main").get_by_text("€249.00").first.wait_for()
        page.get_by_role("button", name="to me").first.click()
        page.get_by_text("is on its way to bills@eastwind.example").wait_for()
        page.goto(f"/panel/{team.partner.slug}/customers/")
        expect(page).to_have_url(re.compile("/customers/$"))
