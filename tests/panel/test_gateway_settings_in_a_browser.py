"""Stripe is connected with the mouse, and the page says at once what it hears."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from partnerpanel.embedded.stripe.server import serving
from tests.billing.gateway.stripe_worlds import KEY, point_at
from tests.browser import PHONE, Theme, no_complaints, scrolls_sideways, serious_findings
from tests.panel.conftest import Visit
from tests.people import make_team

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (PHONE, "dark")])
def test_connecting_fills_the_page_without_the_key(visit: Visit, settings: Settings, width: int, theme: Theme) -> None:
    team = make_team("eastwind")
    with serving() as double:
        point_at(double.url, settings)
        at = f"/panel/{team.partner.slug}/settings/payments/"
        page = visit(at, user=team.owner.user, width=width, theme=theme)
        popup = page.locator("#popup")
        with no_complaints(page):
            page.get_by_role("link", name="Connect Stripe").click()
            popup.get_by_label("Secret key").fill(KEY)
            assert serious_findings(page) == []
            popup.get_by_role("button", name="Yes, Connect").click()
            expect(page.locator("#stripe")).to_contain_text(f"…{KEY[-4:]}")
            expect(page.locator("#webhooks")).to_contain_text("Nothing came yet")
            assert not scrolls_sideways(page)
            assert KEY not in page.content()
            assert serious_findings(page) == []
            page.get_by_role("link", name="Disconnect").click()
            expect(popup).to_contain_text("wait until an account is connected again")
