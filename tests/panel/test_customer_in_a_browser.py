"""One customer's page: everything about them, and what staff add."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.panel.acting import opened_popup
from tests.panel.conftest import Visit
from tests.panel.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_page_tells_who_what_and_since_when(visit: Visit, shop: Shop) -> None:
    main = visit(shop.customer_url(shop.frieda), user=shop.owner).get_by_role("main")
    expect(main.locator(".summary")).to_contain_text("Subscriptions2")
    expect(main.locator(".summary")).to_contain_text("€1,329.00")
    expect(main.get_by_role("region", name="Account")).to_contain_text("KUNDE-2019-000000000017")
    expect(main.get_by_role("region", name="Subscriptions")).to_contain_text("Enterprise Telephony Unlimited Plus")
    expect(main.get_by_label("hidden")).to_have_count(2)
    expect(main.get_by_role("region", name="Timeline")).to_contain_text("Service set up · Basic")


def test_one_subscription_is_suspended_and_the_timeline_names_it(visit: Visit, shop: Shop) -> None:
    page = visit(shop.customer_url(shop.frieda), user=shop.owner)
    page.get_by_role("button", name="Actions for Basic").click()
    page.get_by_role("link", name="Suspend", exact=True).click()
    popup = opened_popup(page)
    expect(popup).to_contain_text("One subscription; the customer's others stay as they are.")
    popup.get_by_label("Reason").fill("Disputed.")
    popup.get_by_role("button", name="Yes, Suspend").click()
    timeline = page.get_by_role("region", name="Timeline")
    expect(timeline).to_contain_text("Subscription suspended: By hand · Basic")
    shop.work()
    page.reload()
    expect(page.get_by_role("region", name="Messages")).to_contain_text("Sent")
    timeline.get_by_role("link", name="Undo").first.click()
    opened_popup(page).get_by_role("button", name="Yes, Undo").click()
    expect(timeline).to_contain_text("Subscription reactivated: By hand (undo) · Basic")


def test_access_that_follows_the_account_says_which_plan(visit: Visit, shop: Shop) -> None:
    page = visit(shop.customer_url(shop.bruno), user=shop.owner)
    timeline = page.get_by_role("region", name="Timeline")
    expect(timeline).to_contain_text("Access blocked · Basic")
    expect(timeline).not_to_contain_text("Being set up")
    expect(page.locator(".alert")).to_contain_text("as agreed by telephone")


def test_notes_and_tags_are_kept_with_their_author(visit: Visit, shop: Shop) -> None:
    page = visit(shop.customer_url(shop.anna), user=shop.owner)
    page.get_by_role("textbox", name="Note").fill("Prefers the telephone.\nCall before noon.")
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_role("region", name="Notes")).to_contain_text("Owner of Eastwind")
    page.get_by_text("Change tags").click()
    page.get_by_role("textbox", name="Tags").fill("key account, telephone")
    page.get_by_role("button", name="Save tags").click()
    expect(page.get_by_role("region", name="Account")).to_contain_text("key account")
