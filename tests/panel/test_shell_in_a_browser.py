"""Popups, menus, themes and the keyboard behave as people expect."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from partnerpanel.tenancy.models import User
from tests.at_rest import at_rest, press
from tests.browser import PHONE
from tests.panel.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COMPONENTS = "/panel/components/"


def test_a_popup_takes_the_focus_keeps_it_and_gives_it_back(visit: Visit, operator: User) -> None:
    page = visit(COMPONENTS, user=operator)
    opener = page.get_by_role("button", name="Popup", exact=True)
    opener.click()
    popup = page.get_by_role("dialog", name="Suspend Anna Meyer")
    expect(popup.get_by_label("Reason")).to_be_focused()
    for _ in range(12):
        press(page, "Tab")
        outside = page.evaluate(
            "document.activeElement.closest('dialog') === null && document.activeElement !== document.body"
        )
        assert not outside
    press(page, "Escape")
    expect(popup).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_menu_in_a_table_opens_whole_and_is_walked_by_arrows(visit: Visit, operator: User) -> None:
    page = visit(COMPONENTS, user=operator)
    opener = page.get_by_role("button", name="Actions for Anna Meyer")
    opener.click()
    menu = page.get_by_role("group", name="Actions for Anna Meyer")
    expect(menu.get_by_role("link", name="Open customer")).to_be_focused()
    press(page, "ArrowDown")
    expect(menu.get_by_role("link", name="Send message")).to_be_focused()
    at_rest(page)
    box = menu.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1440
    press(page, "Escape")
    expect(menu).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_chosen_theme_is_there_before_the_first_paint_of_the_next_page(visit: Visit, operator: User) -> None:
    page = visit(COMPONENTS, user=operator)
    page.get_by_role("button", name="Otto Operator").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    answer = page.request.get(page.url)
    assert 'data-bs-theme="dark"' in answer.text()


def test_chosen_rows_are_counted_and_all_matching_can_be_meant(visit: Visit, operator: User) -> None:
    page = visit(COMPONENTS, user=operator)
    bar = page.get_by_role("group", name="Chosen rows")
    expect(bar).to_be_hidden()
    page.get_by_label("Choose Anna Meyer").check()
    expect(bar).to_contain_text("1 chosen")
    page.get_by_label("Choose all rows of this page").check()
    expect(bar).to_contain_text("4 chosen")
    bar.get_by_role("button", name="Choose all 7,043 that match").click()
    expect(bar).to_contain_text("7,043 chosen")
    expect(page.locator("[name=all_matching]")).to_have_value("1")
    bar.get_by_role("button", name="Clear").click()
    expect(bar).to_be_hidden()


def test_the_sidebar_is_a_drawer_on_a_phone(visit: Visit, operator: User) -> None:
    page = visit(COMPONENTS, user=operator, width=PHONE)
    sidebar = page.get_by_role("complementary", name="Sidebar")
    expect(sidebar).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(sidebar).to_be_visible()
    press(page, "Escape")
    expect(sidebar).to_be_hidden()


def test_the_language_switch_turns_the_page_german(visit: Visit) -> None:
    page = visit("/accounts/login/")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("heading", name="Anmelden")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")
