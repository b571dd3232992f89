"""Partner, language and theme are switched from the sidebar, and the next page keeps them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.services import create_twin, give_role
from tests.at_rest import press
from tests.panel.conftest import Visit
from tests.panel.shop import Shop
from tests.people import Team

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_person_of_two_partners_switches_between_them(visit: Visit, shop: Shop, other_team: Team) -> None:
    give_role(other_team.partner, shop.owner, Role.SUPPORT)
    page = visit(shop.url("customers/"), user=shop.owner)
    page.get_by_role("button", name="Partner: Eastwind").click()
    page.get_by_role("link", name="Westwind").click()
    expect(page).to_have_url(re.compile("/panel/westwind/$"))
    expect(page.get_by_role("heading", name="No customers yet")).to_be_visible()
    page.get_by_role("link", name="Customers", exact=True).click()
    expect(page.get_by_role("heading", name="Nobody here")).to_be_visible()


def test_test_mode_is_one_click_away_and_says_so(visit: Visit, shop: Shop) -> None:
    create_twin(shop.team.partner, now=shop.now)
    page = visit(shop.url(), user=shop.owner)
    page.get_by_role("button", name="Partner: Eastwind").click()
    page.get_by_role("group", name="Switch partner").get_by_role("link", name="Test mode").click()
    expect(page.locator(".test-strip")).to_contain_text("Nothing here reaches a real customer")
    page.get_by_role("button", name="Partner:").click()
    page.get_by_role("link", name="Leave the test mode").click()
    expect(page.locator(".test-strip")).to_be_hidden()


def test_language_and_theme_are_kept(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url("customers/?tab=suspended"), user=shop.owner)
    page.get_by_role("button", name="Owner of Eastwind").click()
    page.get_by_role("button", name="Dark").click()
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("heading", name="Kunden")).to_be_visible()
    expect(page).to_have_url(re.compile(r"tab=suspended"))
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.goto(shop.customer_url(shop.bruno))
    expect(page.locator(".alert")).to_contain_text("Das ganze Konto ist gesperrt")


def test_g_and_a_letter_go(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url("customers/"), user=shop.owner)
    press(page, "g", "h")
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
