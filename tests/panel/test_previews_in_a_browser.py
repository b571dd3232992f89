"""A popup is confirmed with the preview that belongs to its fields, however slowly that comes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.at_rest import at_rest, press
from tests.browser import preview, previews_held
from tests.panel.lifecycle_acting import anna, ask, listed, store
from tests.panel.lifecycle_words import ENGLISH

if TYPE_CHECKING:
    from tests.actions.selling import Buyer, Shop
    from tests.panel.conftest import Visit

__all__ = ["store"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def buyer(store: Shop) -> Buyer:
    return anna(store)


@pytest.fixture
def asked(visit: Visit, store: Shop, buyer: Buyer) -> Page:
    """An extension by ten days is filled in and shown."""
    page = visit(listed(store), user=store.person.user)
    popup = ask(page, ENGLISH, "Extend")
    popup.get_by_label("Extend by").select_option(value="days")
    popup.get_by_label("Note").fill("as agreed")
    days(page).fill("10")
    preview(page, lambda: days(page).blur())
    expect(confirm(page)).to_be_enabled()
    return page


def test_the_button_waits_for_the_preview_of_what_was_typed_last(asked: Page) -> None:
    with previews_held(asked):
        days(asked).fill("20")
        days(asked).blur()
        expect(confirm(asked)).to_be_disabled()
    expect(confirm(asked)).to_be_enabled()
    expect(asked.locator(".toast")).to_have_count(0)


def test_who_pressed_it_meanwhile_looks_at_another_preview_first(asked: Page, buyer: Buyer) -> None:
    ends = buyer.terms[-1][1]
    with previews_held(asked):
        days(asked).fill("20")
        confirm(asked).focus()
        asked.keyboard.press("Enter")
    at_rest(asked)
    assert buyer.terms[-1][1] == ends
    expect(confirm(asked)).to_be_enabled()
    expect(confirm(asked)).to_be_focused()
    press(asked, "Enter")
    expect(asked.locator(".toast")).to_contain_text("is extended until")
    assert buyer.terms[-1][1] == ends + timedelta(days=20)


def test_and_is_obeyed_when_the_preview_says_the_same(asked: Page, buyer: Buyer) -> None:
    ends = buyer.terms[-1][1]
    with previews_held(asked):
        asked.locator("#popup").get_by_label("Note").fill("as agreed by telephone")
        confirm(asked).focus()
        asked.keyboard.press("Enter")
        assert buyer.terms[-1][1] == ends
    expect(asked.locator(".toast")).to_contain_text("is extended until")
    assert buyer.terms[-1][1] == ends + timedelta(days=10)


def days(page: Page) -> Locator:
    """How many days."""
    return page.locator("#popup").get_by_label("Number of days")


def confirm(page: Page) -> Locator:
    """The button that does it."""
    return page.locator("#popup").get_by_role("button", name="Yes, Extend")
