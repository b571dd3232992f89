"""The customers' list: its address is its state, whatever is clicked."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.at_rest import press
from tests.panel.acting import chips, names, row_of
from tests.panel.conftest import Visit
from tests.panel.shop import LONG_NAME, Shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_typing_searches_and_the_address_keeps_it(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url("customers/"), user=shop.owner)
    press(page, "/")
    expect(page.get_by_role("searchbox", name="Search customers")).to_be_focused()
    page.keyboard.type("alder")
    expect(row_of(page, "Bruno Birke")).to_be_hidden()
    assert names(page) == ["Anna Alder"]
    expect(page).to_have_url(re.compile(r"\?q=alder$"))
    page.reload()
    assert names(page) == ["Anna Alder"]
    page.get_by_role("link", name="Remove the filter Search: alder").click()
    expect(row_of(page, "Bruno Birke")).to_be_visible()


def test_filters_columns_and_order_stay_while_the_tab_changes(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url("customers/?tab=active"), user=shop.owner)
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("form", name="Filter").get_by_label("Country").select_option(label="Austria")
    page.get_by_role("button", name="Show").click()
    expect(row_of(page, LONG_NAME)).to_be_hidden()
    assert (chips(page), names(page)) == (["Country: Austria"], ["Anna Alder"])

    page.get_by_role("button", name="Columns").click()
    page.get_by_role("form", name="Columns").get_by_label("Own number").check()
    page.locator("#column-menu").get_by_role("button", name="Show").click()
    expect(page.get_by_role("columnheader", name="Own number")).to_be_visible()
    expect(row_of(page, "Anna Alder")).to_contain_text("K-1001")

    page.get_by_role("button", name="Columns").click()
    page.get_by_role("link", name="Newest first").click()
    page.locator(".tabs").get_by_role("link", name="All").click()
    expect(page).to_have_url(re.compile(r"country=AT&sort=registered&col=plan&col=status&.*col=number"))
    assert chips(page) == ["Country: Austria"]
    page.go_back()
    expect(page.locator(".tabs [aria-current]")).to_contain_text("Active")
    page.go_back()
    expect(page).not_to_have_url(re.compile("sort="))
    expect(row_of(page, "Anna Alder")).to_contain_text("K-1001")


def test_pages_lead_on_and_back_by_cursor(visit: Visit, shop: Shop) -> None:
    shop.world.customers(60)
    page = visit(shop.url("customers/"), user=shop.owner)
    first = names(page)
    expect(page.get_by_role("navigation", name="Pages")).to_contain_text("50 of 63")
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("navigation", name="Pages")).to_contain_text("13 of 63")
    assert not set(first) & set(names(page))
    page.get_by_role("link", name="Previous").click()
    expect(page.get_by_role("navigation", name="Pages")).to_contain_text("50 of 63")
    assert names(page) == first


def test_nothing_found_says_what_to_do(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url("customers/?q=nobody&country=AT"), user=shop.owner)
    expect(page.get_by_role("heading", name="No customer matches")).to_be_visible()
    page.get_by_role("link", name="Clear all filters").click()
    expect(row_of(page, "Anna Alder")).to_be_visible()


def test_the_palette_finds_customers_and_opens_them(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url(), user=shop.owner)
    press(page, "Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("bruno@")
    expect(page.get_by_role("option", name="Bruno Birke")).to_have_attribute("aria-selected", "true")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Bruno Birke")).to_be_visible()
