"""An endpoint is added with the mouse, its secret copied, and the log of what was sent opened."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from notifications.webhooks.worker import SENDERS, drain_webhooks
from tests.browser import PHONE, Theme, no_complaints, scrolls_sideways, serious_findings
from tests.panel.conftest import Visit
from tests.people import make_team
from tests.webhooks.receiver import receiving
from tests.world import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (PHONE, "dark")])
def test_an_endpoint_is_added_and_its_log_is_read(visit: Visit, width: int, theme: Theme, settings: Settings) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = True
    team = make_team("eastwind")
    page = visit(f"/panel/{team.partner.slug}/settings/webhooks/", user=team.owner.user, width=width, theme=theme)
    popup = page.locator("#popup")
    with receiving() as receiver, no_complaints(page):
        assert serious_findings(page) == []
        page.get_by_role("link", name="Add endpoint").click()
        popup.get_by_role("textbox", name="Address").fill(receiver.url)
        popup.get_by_label("What it is for").fill("Books")
        popup.get_by_label("The events that you choose").check()
        popup.locator("summary", has_text=re.compile(r"^\s*Customers\b")).click()
        popup.get_by_role("button", name="All Customers").click()
        expect(popup.get_by_label("customer.created")).to_be_checked()
        popup.get_by_role("button", name="All", exact=True).first.click()
        assert serious_findings(page) == []
        popup.get_by_role("button", name="Add endpoint").click()
        expect(popup.locator("#secret-once-value")).to_contain_text("whsec_")
        assert serious_findings(page) == []
        assert not scrolls_sideways(page)
        popup.get_by_role("button", name="Close").first.click()
        page.get_by_role("link", name=receiver.url).click()
        page.get_by_role("button", name="Send test event").click()
        expect(page.get_by_text("A test event is on its way.")).to_be_visible()
        while drain_webhooks(team.partner.pk, NOW):
            assert SENDERS.wait(seconds=30)
        page.reload()
        assert serious_findings(page) == []
        assert not scrolls_sideways(page)
        page.get_by_role("link", name="webhook.test").click()
        page.get_by_text("Request", exact=True).click()
        expect(page.get_by_text("webhook-signature")).to_be_visible()
        assert serious_findings(page) == []
        assert not scrolls_sideways(page)
