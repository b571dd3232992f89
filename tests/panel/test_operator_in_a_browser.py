"""The operator's pages work in a browser under the strict content security policy, without a complaint."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from partnerpanel.tenancy.models import User
from tests import browser as browsers
from tests.panel.conftest import Visit
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_operator_chooses_a_partner_and_looks_at_a_customer(visit: Visit, operator: User, world: World) -> None:
    world.subscriptions(world.customers(3))
    page = visit("/operator/", user=operator)
    expect(page.get_by_role("link", name="Customers", exact=True)).to_have_count(0)
    with browsers.no_complaints(page):
        page.get_by_role("link", name="Choose a partner").click()
        page.get_by_role("button", name="Look at Eastwind").click()
        expect(page.get_by_role("link", name="Partner: Eastwind")).to_be_visible()
        page.locator("#content-main").get_by_role("link", name="Customers", exact=True).first.click()
        expect(page).to_have_url(re.compile("/operator/customers/"))
        page.goto(page.url.split("/operator/")[0] + "/operator/customers/customer/")
        page.locator("#searchbar").fill("customer 00001")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="Customer 00001").click()
        expect(page.get_by_text("customer1@eastwind.example")).to_be_visible()
        expect(page.get_by_role("button", name="Save")).to_have_count(0)


def test_a_partner_is_made_in_a_browser(visit: Visit, operator: User) -> None:
    page = visit("/operator/tenancy/partner/add/", user=operator)
    for label, value in {
        "Short name": "northpole",
        "Name": "North Pole",
        "Country": "GL",
        "Time zone": "America/Nuuk",
        "Currency": "DKK",
        "Support address": "help@northpole.example",
    }.items():
        page.get_by_label(f"{label}:", exact=True).fill(value)
    with browsers.no_complaints(page):
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("was added successfully")).to_be_visible()
