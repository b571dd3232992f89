"""Every page, wide and narrow, light and dark: readable for everybody, no sideways scrolling, no complaint."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from playwright.sync_api import Page, expect

from partnerpanel.tenancy.models import User
from tests.at_rest import press
from tests.browser import DESK, PHONE, Theme, look, scrolls_sideways, serious_findings
from tests.panel import pages
from tests.panel.acting import ask
from tests.panel.conftest import Visit
from tests.panel.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Colours differ by theme and places by width, so three of the four say everything.
as_people_see_it = pytest.mark.parametrize(("theme", "width"), [("light", DESK), ("dark", DESK), ("light", PHONE)])
# So that two workers share them.
PARTS = 2
COLOURS = ("color-contrast", "link-in-text-block")
# In an order in which making one leaves those before it alone.
JOB_STATES = ("done", "cancelled", "paused", "ready", "running", "previewing")


def hold_what_every_page_must(page: Page, paths: Iterable[str]) -> None:
    """Light and wide, then dark, where nothing but colours differs, then narrow."""
    for path in paths:
        look(page, theme="light", width=DESK)
        page.goto(path)
        must_hold(page, path)
        look(page, theme="dark", width=DESK)
        assert serious_findings(page, rules=COLOURS) == [], f"{path}, dark"
        look(page, theme="light", width=PHONE)
        must_hold(page, f"{path}, narrow")


def must_hold(page: Page, where: str) -> None:
    assert serious_findings(page) == [], where
    assert not scrolls_sideways(page), where


def test_pages_before_sign_in(visit: Visit) -> None:
    page = visit("/accounts/login/")
    hold_what_every_page_must(page, (pages.OUTSIDE | pages.INBOX).values())


def test_pages_about_oneself(visit: Visit, operator: User) -> None:
    page = visit("/accounts/2fa/", user=operator)
    hold_what_every_page_must(page, pages.ACCOUNT.values())


@as_people_see_it
def test_every_component(visit: Visit, operator: User, theme: Theme, width: int) -> None:
    page = visit("/panel/components/", user=operator, theme=theme, width=width)
    must_hold(page, "components")
    page.get_by_role("button", name="Popup", exact=True).click()
    must_hold(page, "a component's popup")


@pytest.mark.parametrize("part", range(PARTS))
def test_pages_of_the_panel(visit: Visit, shop: Shop, part: int) -> None:
    page = visit(shop.url(), user=shop.owner)
    paths = list(pages.panel(shop.team.partner.slug, shop.ids()).values())
    hold_what_every_page_must(page, paths[part::PARTS])


@as_people_see_it
def test_what_opens_above_the_pages(visit: Visit, shop: Shop, theme: Theme, width: int) -> None:
    page = visit(shop.url("customers/?tab=active"), user=shop.owner, theme=theme, width=width)
    for name in ("Filter", "Columns"):
        page.get_by_role("button", name=name).click()
        expect(page.locator(".menu:popover-open")).to_be_visible()
        must_hold(page, name)
        press(page, "Escape")
    press(page, "Control+k")
    page.keyboard.type("a")
    expect(page.get_by_role("option", name="Anna Alder")).to_be_visible()
    must_hold(page, "palette")
    press(page, "Escape")
    popup = ask(page, "Anna Alder", "Suspend account")
    must_hold(page, "suspend popup")
    popup.locator(".quote-mail summary").click()
    popup.get_by_role("button", name="Yes, Suspend").click()
    expect(popup.locator("[aria-invalid]")).to_be_visible()
    must_hold(page, "suspend popup with an error")


def test_a_job_in_every_state_of_its_life(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url("jobs/"), user=shop.owner)
    jobs = [shop.job(shop.new_customer(), state=state) for state in JOB_STATES]
    hold_what_every_page_must(page, [shop.url(f"jobs/{job}/") for job in jobs])


def test_in_german_nothing_is_too_long_for_a_phone(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url(), user=shop.owner, width=PHONE, language="de")
    for path in pages.panel(shop.team.partner.slug, shop.ids()).values():
        page.goto(path)
        assert not scrolls_sideways(page), path


def test_a_refusal_and_a_person_without_partner(visit: Visit, shop: Shop, operator: User) -> None:
    page = visit(shop.url(), user=shop.reader)
    hold_what_every_page_must(page, [shop.url("jobs/"), shop.customer_url(shop.anna, "suspend/")])
    operator.is_staff = False
    operator.save()
    must_hold(visit("/", user=operator, width=PHONE), "no partner")
