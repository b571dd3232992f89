"""The catalogue with the mouse and the keyboard: make a plan, change a price, archive."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from partnerpanel.kernel.ids import public
from tests.at_rest import press
from tests.browser import PHONE, no_complaints, preview, scrolls_sideways, serious_findings
from tests.panel.acting import opened_popup
from tests.panel.conftest import Visit
from tests.panel.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def good(page: Page) -> bool:
    return serious_findings(page) == [] and not scrolls_sideways(page)


@pytest.mark.parametrize(
    ("language", "width", "words"),
    [
        ("en", 1440, ("New plan", "Name", "Currency 1", "Price 1", "29.85", "Create plan", "€29.85")),
        ("de", PHONE, ("Neuer Tarif", "Name", "Währung 1", "Preis 1", "29,85", "Tarif anlegen", "29,85\xa0€")),
    ],
    ids=["en-1440", "de-360"],
)
def test_a_plan_is_made_in_the_popup(
    visit: Visit, shop: Shop, language: str, width: int, words: tuple[str, ...]
) -> None:
    new, name, currency, price, amount, create, shown = words
    page = visit(shop.url("products/"), user=shop.owner, width=width, language=language)
    with no_complaints(page):
        page.get_by_role("link", name=new).first.click()
        popup = opened_popup(page)
        assert good(page)
        popup.get_by_label(name, exact=True).fill("Familie")
        popup.get_by_label(currency).fill("EUR")
        preview(page, lambda: popup.get_by_label(price).fill(amount))
        expect(popup.locator("#quote-part")).to_contain_text(shown)
        popup.get_by_role("button", name=create).click()
        expect(page.locator(".toast")).to_contain_text("Familie")
        expect(page.get_by_role("rowheader", name="Familie")).to_be_visible()
        assert good(page)


def test_a_price_is_changed_for_new_sales(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url(f"plans/{public('plan', shop.world.plan())}/"), user=shop.owner)
    with no_complaints(page):
        page.get_by_role("link", name="Prices", exact=True).click()
        popup = opened_popup(page)
        expect(popup.get_by_label("Price 1")).to_have_value("30.00")
        preview(page, lambda: popup.get_by_label("Price 1").fill("36.50"))
        expect(popup.locator("#quote-part")).to_contain_text("€36.50")
        expect(popup.locator("#quote-part")).to_contain_text("keep the price that is paid now")
        popup.get_by_role("button", name="Save prices").click()
        expect(page.locator(".toast")).to_be_visible()
        expect(page.locator("#prices")).to_contain_text("€36.50")
        expect(page.locator("#history")).to_contain_text("Price in EUR: €30.00 → €36.50")
        expect(page.locator("#holders")).to_contain_text("earlier price")
        assert good(page)


def test_a_wrong_price_stays_in_the_popup_with_its_error(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url(f"plans/{public('plan', shop.world.plan())}/"), user=shop.owner)
    page.get_by_role("link", name="Prices", exact=True).click()
    popup = opened_popup(page)
    popup.get_by_label("Price 1").fill("36,50")
    popup.get_by_role("button", name="Save prices").click()
    expect(popup.locator(".field-error")).to_contain_text("“36,50” is no amount in EUR, such as 29.85.")
    expect(popup.get_by_label("Price 1")).to_have_value("36,50")
    assert serious_findings(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_plan_is_archived_by_keyboard_and_sold_again(visit: Visit, shop: Shop, theme: str) -> None:
    page = visit(shop.url(f"plans/{public('plan', shop.world.plan())}/"), user=shop.owner, theme=theme)
    with no_complaints(page):
        page.get_by_role("link", name="Archive", exact=True).focus()
        press(page, "Enter")
        popup = opened_popup(page)
        expect(popup).to_contain_text("keep their plan")
        assert good(page)
        popup.get_by_role("button", name="Yes, Archive").focus()
        press(page, "Enter")
        expect(page.locator(".toast")).to_contain_text("is archived")
        expect(page.get_by_text("This plan is archived")).to_be_visible()
        assert good(page)
        page.get_by_role("link", name="Sell again").click()
        opened_popup(page).get_by_role("button", name="Yes, Sell again").click()
        expect(page.get_by_text("This plan is archived")).to_have_count(0)


def test_a_reader_is_offered_nothing_to_change(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url(f"plans/{public('plan', shop.world.plan())}/"), user=shop.reader)
    expect(page.get_by_role("heading", level=1)).to_have_text("Basic")
    for name in ("Prices", "Edit", "Archive"):
        expect(page.get_by_role("link", name=name, exact=True)).to_have_count(0)


def test_a_phone_shows_every_price_in_full(visit: Visit, shop: Shop) -> None:
    world = shop.world
    prices = {
        "prices_left": ["EUR", "PLN", "CHF"],
        "prices_right": ["12345.00", "67890.00", "11111.00"],
        "version": "1",
    }
    plan = public("plan", world.plan())
    assert shop.team.owner.client().post(shop.url(f"plans/{plan}/prices/"), prices).status_code == 302
    page = visit(shop.url("products/"), user=shop.owner, width=PHONE)
    for cell in page.get_by_role("cell").all():
        assert cell.evaluate("cell => cell.scrollWidth <= cell.clientWidth"), cell.inner_text()
