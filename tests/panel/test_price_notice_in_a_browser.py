"""A new price for those who hold a plan: from the plan's page to the customer's, in two languages and widths."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.ids import public
from tests.browser import PHONE, no_complaints, preview, scrolls_sideways, serious_findings
from tests.panel.acting import opened_popup
from tests.panel.conftest import Visit
from tests.panel.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ENGLISH = {
    "open": "New price for holders",
    "price": "Price 1",
    "written": "45.00",
    "from": "From which day",
    "prepare": "Prepare the preview",
    "shown": "€45.00",
    "mail": "€45.00 per period instead of €30.00",
    "confirm": "Yes, Announce",
    "line": ": €45.00",
}
GERMAN = {
    "open": "Neuer Preis für Bestandskunden",
    "price": "Preis 1",
    "written": "45,00",
    "from": "Ab welchem Tag",
    "prepare": "Vorschau vorbereiten",
    "shown": "45,00\xa0€",
    "mail": "€45.00 per period instead of €30.00",
    "confirm": "Ja, ankündigen",
    "line": ": 45,00\xa0€",
}


def good(page: Page) -> bool:
    return serious_findings(page) == [] and not scrolls_sideways(page)


@pytest.mark.parametrize(
    ("language", "words", "width", "theme"),
    [("en", ENGLISH, 1440, "light"), ("de", GERMAN, PHONE, "dark")],
    ids=["en-1440-light", "de-360-dark"],
)
def test_announced_from_the_plans_page_and_seen_on_the_customers(
    visit: Visit, shop: Shop, language: str, words: dict[str, str], width: int, theme: str
) -> None:
    plan = shop.url(f"plans/{public('plan', shop.world.plan())}/")
    page = visit(plan, user=shop.owner, width=width, language=language, theme=theme)
    day = local_date(shop.now, "Europe/Berlin") + timedelta(days=40)
    with no_complaints(page):
        page.get_by_role("link", name=words["open"]).click()
        popup = opened_popup(page)
        popup.get_by_label(words["from"]).fill(day.isoformat())
        preview(page, lambda: popup.get_by_label(words["price"]).fill(words["written"]))
        expect(popup.locator("#quote-part")).to_contain_text(words["shown"])
        assert good(page)
    popup.get_by_role("button", name=words["prepare"]).click()
    page.wait_for_url("**/jobs/**")
    shop.work()
    confirm = page.locator("#confirm")
    expect(confirm.locator(".quote-mail")).to_contain_text(words["mail"])
    assert good(page)
    confirm.get_by_role("button", name=words["confirm"]).click()
    expect(confirm).to_be_hidden()
    shop.work()
    page.goto(shop.customer_url(shop.anna))
    expect(page.locator("#subscriptions")).to_contain_text(words["line"])
    assert good(page)


def test_too_short_a_notice_changes_nobodys_price(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url(f"plans/{public('plan', shop.world.plan())}/new-price/"), user=shop.owner)
    page.get_by_label("Price 1").fill("45.00")
    page.get_by_label("From which day").fill((shop.now + timedelta(days=10)).date().isoformat())
    page.get_by_role("button", name="Prepare the preview").click()
    page.wait_for_url("**/jobs/**")
    shop.work()
    expect(page.get_by_role("main")).to_contain_text("There is nothing to do for any of these customers.")


def test_a_plan_that_nobody_holds_offers_none(visit: Visit, shop: Shop) -> None:
    plan = public("plan", shop.world.plan("Enterprise"))
    page = visit(shop.url(f"plans/{plan}/"), user=shop.owner)
    expect(page.get_by_role("link", name="New price for holders")).to_have_count(0)
    page.goto(shop.url(f"plans/{plan}/new-price/"))
    expect(page.get_by_role("main")).to_contain_text("Nobody holds this plan.")
    expect(page.get_by_role("button", name="Prepare the preview")).to_have_count(0)


def test_a_reader_is_not_offered_it(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url(f"plans/{public('plan', shop.world.plan())}/"), user=shop.reader)
    expect(page.get_by_role("heading", level=1)).to_have_text("Basic")
    expect(page.get_by_role("link", name="New price for holders")).to_have_count(0)
