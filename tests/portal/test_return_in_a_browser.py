"""A customer in a browser follows the link of the mail, signs in, and comes back with one button."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from billing.gateway.registry import gateway_named
from billing.methods.services import add_method
from partnerpanel.actions import door
from partnerpanel.actions.cancel import Cancel, CancelWhen
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.holders import running_holders
from tests import browser as browsers
from tests.browser import PHONE, no_complaints
from tests.people import Team
from tests.portal.guests import deliver, token_in
from tests.portal.test_portal_in_a_browser import ADDRESS, good, shop
from tests.world import World

__all__ = ["shop"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    with browsers.visitor(browser, live_server, theme="dark", width=PHONE) as context:
        yield context.new_page()


@pytest.fixture
def left(shop: World, team: Team) -> str:
    """Somebody with a card who has left; the address of coming back."""
    with tenant(shop.id):
        [line] = running_holders(shop.id, limit=1)
        facts = gateway_named("sandbox").describe_method(shop.id, "sandbox_ok")
        add_method(line.customer_id, gateway="sandbox", ref="sandbox_ok", facts=facts, actor=shop.system, now=shop.now)
    verb = Cancel((Target(line.customer_id, line.id),), CancelWhen.NOW, "unused")
    door.commit(verb, quote=None, actor=shop.system, now=shop.now)
    shop.drain()
    return f"/p/{team.partner.slug}/plan/{public('sub', line.id)}/return/"


def test_the_mails_link_leads_through_the_sign_in_to_one_button(page: Page, shop: World, left: str) -> None:
    with no_complaints(page):
        page.goto(left)
        page.get_by_label("E-mail").fill(ADDRESS)
        page.get_by_role("button", name="Send me the link").click()
        expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
        (text,) = deliver(shop)
        page.goto(f"/p/{shop.partner.slug}/sign-in/link/#{token_in(text)}")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.goto(f"/p/{shop.partner.slug}/")
        good(page)
        page.get_by_role("link", name="Come back").click()
        expect(page.get_by_text("It runs again from today, with the login that you had.")).to_be_visible()
        good(page)
        page.get_by_role("button", name="Yes, Come back").click()
        expect(page.get_by_role("status")).to_contain_text("Good to have you back")
        good(page)
