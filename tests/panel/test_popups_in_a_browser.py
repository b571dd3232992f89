"""Undo, refusals and a difference shown in place; by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.at_rest import asks, press, tab_to
from tests.browser import preview, previews_held
from tests.panel.acting import ask, fill_and_preview, opened_popup, row_of, suspend
from tests.panel.conftest import Visit
from tests.panel.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_toast_undoes_what_it_tells(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url("customers/?tab=active"), user=shop.owner)
    suspend(page, "Anna Alder")
    page.locator(".toast").get_by_role("link", name="Undo").click()
    popup = opened_popup(page)
    expect(popup).to_contain_text("1 subscription opens again at once.")
    popup.get_by_role("button", name="Yes, Undo").click()
    expect(row_of(page, "Anna Alder")).to_be_visible()
    expect(page.locator(".toast")).to_contain_text(["Undone: Anna Alder."])


def test_what_moved_meanwhile_is_shown_in_place_and_nothing_is_done(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url("customers/"), user=shop.owner)
    popup = ask(page, "Anna Alder", "Suspend account")
    fill_and_preview(page, "Disputed.")
    shop.world.subscription(customer=shop.anna, plan_id=shop.world.plan("Premium", price="99.00"))
    shop.work()
    popup.get_by_role("button", name="Yes, Suspend").click()
    moved = popup.locator(".alert").filter(has_text="This has changed since you opened it")
    expect(moved).to_contain_text("Nothing was done.")
    expect(moved.get_by_role("row").filter(has_text="Premium")).to_contain_text("Open → Blocked")
    expect(moved.locator("[data-moved]")).to_be_focused()
    assert not any(kind == "manual" for kind, _reason, _subscription in shop.world.open_holds(shop.anna))


def test_a_confirmation_of_what_is_done_already_says_so(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url("customers/"), user=shop.owner)
    popup = ask(page, "Anna Alder", "Suspend account")
    fill_and_preview(page, "Disputed.")
    shop.suspend(shop.anna)
    popup.get_by_role("button", name="Yes, Suspend").click()
    expect(popup.locator(".quote-moved")).to_contain_text("Such a hold lies on it already.")
    expect(popup.locator(".quote")).to_contain_text("Nothing would happen.")


def test_a_missing_reason_is_named_and_gets_the_focus(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url("customers/"), user=shop.owner)
    popup = ask(page, "Anna Alder", "Suspend account")
    popup.get_by_role("button", name="Yes, Suspend").click()
    expect(popup.get_by_text("Reason: Give a reason of at most 500 letters")).to_be_visible()
    expect(popup.get_by_label("Reason")).to_be_focused()


def test_who_stands_on_something_in_the_preview_stands_there_when_a_new_one_comes(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url("customers/"), user=shop.owner)
    popup = ask(page, "Anna Alder", "Suspend account")
    standing = popup.locator("#quote-part summary").first
    fill_and_preview(page, "Disputed.")
    with previews_held(page):
        popup.get_by_label("Reason").fill("Disputed twice.")
        asks(page)
        standing.focus()
    expect(popup.locator("#quote-part")).to_contain_text("Disputed twice.")
    expect(standing).to_be_focused()


def test_a_read_only_colleague_sees_why_not(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url("customers/"), user=shop.reader)
    page.get_by_role("button", name="Actions for Anna Alder").click()
    item = page.locator(".menu-item[aria-disabled]").filter(has_text="Suspend account")
    expect(item.first).to_contain_text("Your role may only read.")
    expect(page.get_by_role("link", name="Export")).to_be_hidden()
    page.goto(shop.customer_url(shop.anna))
    expect(page.get_by_role("main")).to_contain_text("Your role may only read.")
    page.goto(shop.customer_url(shop.anna, "suspend/"))
    expect(page.get_by_role("heading", name="Not done")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Nothing was changed and no money moved.")


def test_a_customer_is_suspended_by_keyboard_alone(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url("customers/?tab=active"), user=shop.owner)
    page.get_by_role("button", name="Actions for Anna Alder").focus()
    press(page, "Enter")
    expect(page.get_by_role("link", name="Open customer").first).to_be_focused()
    verbs = ("Extend", "Change Plan", "Change quantity", "Add add-on", "Rollback Plan", "Redeem coupon")
    dates = ("Move billing date", "Skip renewal", "Pause", "Set limits", "New subscription")
    access = ("View Credentials", "Reset Password", "Email Credentials", "Suspend account")
    for verb in (*verbs, *dates, "Send message", *access):
        press(page, "ArrowDown")
        expect(page.locator(".menu-item:focus")).to_contain_text(verb)
    press(page, "Enter")
    popup = opened_popup(page)
    press(page, "Tab")
    preview(page, lambda: page.keyboard.insert_text("Disputed."))
    tab_to(popup.get_by_role("button", name="Yes, Suspend"))
    press(page, "Enter")
    expect(page.locator(".toast")).to_contain_text("Anna Alder is suspended.")
    expect(row_of(page, "Anna Alder")).to_be_hidden()


def test_a_popup_without_the_script_is_a_page_that_leads_back(visit: Visit, shop: Shop) -> None:
    page = visit(shop.customer_url(shop.anna, "suspend/"), user=shop.owner)
    page.get_by_label("Reason").fill("Disputed.")
    page.get_by_role("button", name="Yes, Suspend").click()
    expect(page.get_by_role("heading", name="Anna Alder")).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("Anna Alder is suspended.")
    expect(page.locator(".alert")).to_contain_text("The whole account is suspended")
