"""Many customers at once: chosen, previewed, confirmed, watched and undone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.panel.acting import row_of
from tests.panel.conftest import Visit
from tests.panel.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def begin(page: Page, verb: str, reason: str) -> None:
    """From the bar at the foot of the list to the job's page."""
    page.get_by_role("group", name="Chosen rows").get_by_role("button", name=verb).click()
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Prepare the preview").click()
    expect(page.get_by_role("heading", name="Preview")).to_be_visible()


def test_all_matching_are_previewed_typed_done_and_undone(visit: Visit, shop: Shop) -> None:
    shop.world.subscriptions(shop.world.customers(101))
    shop.work()
    page = visit(shop.url("customers/?tab=active"), user=shop.owner)
    page.get_by_label("Choose all rows of this page").check()
    page.get_by_role("button", name="Choose all 103 that match").click()
    begin(page, "Suspend…", "Maintenance.")
    expect(page.get_by_role("main")).to_contain_text("Preparing the preview")
    shop.work()

    confirm = page.locator("#confirm")
    expect(confirm).to_contain_text("103 customers are changed.")
    expect(confirm.locator(".quote-mail")).to_contain_text("Maintenance.")
    expect(row_of(page, "Anna Alder")).to_contain_text("Basic: Open")
    expect(row_of(page, "Anna Alder")).to_contain_text("Basic: Blocked")
    confirm.get_by_label("Type 103 to confirm").fill("99")
    confirm.get_by_role("button", name="Yes, Suspend").click()
    expect(page.locator(".toast")).to_contain_text("Type 103 to confirm.")
    confirm.get_by_label("Type 103 to confirm").fill("103")
    confirm.get_by_role("button", name="Yes, Suspend").click()
    expect(page.get_by_role("main")).to_contain_text("0 of 103 done")
    shop.work()
    expect(page.get_by_role("main")).to_contain_text("103 of 103 done")

    page.get_by_role("button", name="Undo this job…").click()
    expect(page.get_by_role("heading", name="Undo a job")).to_be_visible()
    shop.work()
    confirm.get_by_label("Type 103 to confirm").fill("103")
    confirm.get_by_role("button", name="Yes, Undo").click()
    expect(page.get_by_role("heading", name="Progress")).to_be_visible()
    shop.work()
    expect(page.get_by_role("main")).to_contain_text("103 of 103 done")
    page.goto(shop.url("customers/?tab=suspended"))
    expect(page.get_by_role("navigation", name="Pages")).to_contain_text("1 of 1")


def test_chosen_rows_alone_and_exceptions_are_named(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url("customers/"), user=shop.owner)
    page.get_by_label("Choose Anna Alder").check()
    page.get_by_label("Choose Bruno Birke").check()
    begin(page, "Suspend…", "Maintenance.")
    shop.work()
    expect(page.locator("#confirm")).to_contain_text("1 customer is changed.")
    exceptions = page.get_by_role("region", name="Exceptions")
    expect(exceptions.get_by_role("row").filter(has_text="Bruno Birke")).to_contain_text("Nothing to do")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("main")).to_contain_text("Cancelled")
    assert shop.world.open_holds(shop.anna) == set()


def test_a_running_job_is_paused_and_goes_on(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url(f"jobs/{shop.job(shop.anna, state='running')}/"), user=shop.owner)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("main")).to_contain_text("Paused")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    shop.work()
    expect(page.get_by_role("main")).to_contain_text("1 of 1 done")
    with page.expect_download() as download:
        page.get_by_role("link", name="Result as CSV").click()
    assert re.search(r",Anna Alder,,Basic: Open,Basic: Blocked,,,,done,", download.value.path().read_text())
    page.get_by_role("link", name="Bulk jobs").first.click()
    expect(page.get_by_role("main")).to_contain_text("1 customer · Owner of Eastwind")


def test_a_reason_is_asked_for_before_anything_is_prepared(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url("customers/"), user=shop.owner)
    page.get_by_label("Choose Anna Alder").check()
    page.get_by_role("group", name="Chosen rows").get_by_role("button", name="Suspend…").click()
    page.get_by_role("button", name="Prepare the preview").click()
    expect(page.get_by_text("Reason: Give a reason of at most 500 letters")).to_be_visible()
    page.get_by_label("Reason").fill("Maintenance.")
    page.get_by_role("button", name="Prepare the preview").click()
    expect(page.get_by_role("heading", name="Preview")).to_be_visible()
    shop.work()
    expect(page.locator("#confirm")).to_contain_text("1 customer is changed.")
