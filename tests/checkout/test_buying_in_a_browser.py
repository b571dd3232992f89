"""Somebody buys in a browser: in the sandbox and at Stripe's double, with workers running; on a phone, with axe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from partnerpanel.kernel.clock import system_now
from tests import browser as browsers
from tests.browser import PHONE, no_complaints, scrolls_sideways, serious_findings
from tests.checkout.buyers import ADDRESS, charges, sells
from tests.people import Team
from tests.portal.guests import code_in, deliver
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def shop(transactional_db: None, team: Team) -> World:
    cache.clear()
    return World(team.partner, now=system_now())


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    with browsers.visitor(browser, live_server, theme="light", width=PHONE) as context:
        yield context.new_page()


def good(page: Page) -> None:
    assert serious_findings(page) == [], page.url
    assert not scrolls_sideways(page), page.url


def test_a_plan_is_bought_with_live_totals_a_code_and_a_card(page: Page, shop: World, team: Team) -> None:
    key = sells(shop, team.owner, most_quantity=5, terms_url="https://shop.example/terms")
    with no_complaints(page):
        page.goto(f"/p/{shop.partner.slug}/buy/{key}/")
        good(page)
        page.get_by_label("Quantity").fill("3")
        page.get_by_label("Quantity").press("Tab")
        expect(page.locator("#total")).to_contain_text("You pay €90.00 now.")
        page.get_by_label("Name").fill("Anna's Bakery")
        page.get_by_label("E-mail").fill(ADDRESS)
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
        good(page)
        page.get_by_label("Code").fill(code_in(deliver(shop)[-1]))
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("heading", name="Your order")).to_be_visible()
        good(page)
        page.get_by_label("I accept the terms").check()
        page.get_by_role("button", name="Order and go on to pay").click()
        page.get_by_label("A card whose account is closed").check()
        good(page)
        page.get_by_role("button", name="Use this card").click()
        expect(page.get_by_text("The card was declined")).to_be_visible()
        good(page)
        page.get_by_role("link", name="Try another card").click()
        page.get_by_label("A card that works", exact=True).check()
        page.get_by_role("button", name="Use this card").click()
        expect(page.get_by_role("heading", name="Thank you.")).to_be_visible()
        good(page)
    assert [(status, amount) for _purpose, status, amount in charges(shop)] == [("declined", 9000), ("succeeded", 9000)]
