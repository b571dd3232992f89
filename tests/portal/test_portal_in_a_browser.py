"""A customer in a browser: signs in by mail, looks around, leaves and stays; on a phone too, and with axe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from partnerpanel.actions import door
from partnerpanel.actions.cancel import Cancel, CancelWhen
from partnerpanel.actions.offer_rules import RuleTerms
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.clock import system_now
from partnerpanel.offers.queries.staying import offer_to_stay
from partnerpanel.offers.rules.offers import Moment, Offer, OfferKind
from partnerpanel.offers.services.making import make_offer
from partnerpanel.offers.services.offer_rules import create_rule
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.holders import running_holders
from subscriptions.rules.coupons import Discount
from subscriptions.services.coupon_catalogue import CouponTerms, create_coupon
from tests import browser as browsers
from tests.browser import DESK, PHONE, Theme, another_page, no_complaints, scrolls_sideways, serious_findings
from tests.people import Team
from tests.portal.guests import deliver, token_in
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ADDRESS = "anna@bakery.example"


@pytest.fixture
def shop(transactional_db: None, team: Team) -> World:
    """With a customer who has a plan that is paid."""
    cache.clear()
    world = World(team.partner, now=system_now())
    customer = world.customer("Anna's Bakery", email=ADDRESS)
    world.subscription(customer=customer, started_at=world.now - timedelta(days=3), paid_elsewhere=True)
    world.drain()
    return world


@pytest.fixture(params=[("light", DESK), ("dark", DESK), ("light", PHONE)], ids=["light", "dark", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    theme: Theme
    theme, width = request.param
    with browsers.visitor(browser, live_server, theme=theme, width=width) as context:
        yield context.new_page()


def good(page: Page) -> None:
    assert serious_findings(page) == [], page.url
    assert not scrolls_sideways(page), page.url


def sign_in(page: Page, shop: World) -> None:
    page.goto(f"/p/{shop.partner.slug}/")
    good(page)
    page.get_by_label("E-mail").fill(ADDRESS)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    good(page)
    (text,) = deliver(shop)
    page.goto(f"/p/{shop.partner.slug}/sign-in/link/#{token_in(text)}")
    good(page)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Anna's Bakery")).to_be_visible()


def test_every_page_is_good_and_a_plan_is_cancelled_and_kept(page: Page, shop: World) -> None:
    with no_complaints(page):
        sign_in(page, shop)
        good(page)
        for name in ("Payment", "Invoices", "Service", "Support", "Account", "Plan"):
            with another_page(page):
                page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            good(page)
        with another_page(page):
            page.get_by_role("link", name="Cancel the plan").click()
        good(page)
        with another_page(page):
            page.get_by_role("button", name="Go on").click()
        good(page)
        page.get_by_role("button", name="Yes, Cancel").click()
        expect(page.get_by_role("status")).to_contain_text("It is cancelled")
        page.get_by_role("link", name="Keep my plan").click()
        page.get_by_role("button", name="Yes, Keep my plan").click()
        expect(page.get_by_role("status")).to_contain_text("Good to have you")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_somebody_leaves_is_offered_a_rest_and_takes_it(page: Page, shop: World) -> None:
    _offers(shop, Offer(OfferKind.PAUSE, pause_months=2), Moment.LEAVING)
    with no_complaints(page):
        sign_in(page, shop)
        page.get_by_role("navigation").get_by_role("link", name="Plan", exact=True).click()
        _leave(page)
        expect(page.get_by_role("heading", name="Before you go")).to_be_visible()
        good(page)
        take, leave = (page.get_by_role("button", name=name) for name in ("Yes, Pause", "Cancel anyway"))
        assert _size(take) == _size(leave)
        assert _look(take) == _look(leave)
        leave.click()
        expect(page.get_by_role("button", name="Yes, Cancel")).to_be_visible()
        good(page)
        page.get_by_role("link", name="Back").click()
        _leave(page)
        page.get_by_role("button", name="Yes, Pause").click()
        expect(page.get_by_role("status")).to_contain_text("What was offered is yours")
        good(page)


def test_what_is_cancelled_is_kept_at_the_offer(page: Page, shop: World) -> None:
    with tenant(shop.id):
        coupon = create_coupon(CouponTerms("BACK", Discount(percent=50)), actor=shop.system, now=shop.now)
    _offers(shop, Offer(OfferKind.COUPON, coupon_id=coupon), Moment.BEFORE_END)
    with tenant(shop.id):
        [line] = running_holders(shop.id, limit=1)
    door.commit(
        Cancel((Target(line.customer_id, line.id),), CancelWhen.PERIOD_END, "unused"),
        quote=None,
        actor=shop.system,
        now=shop.now,
    )
    with tenant(shop.id):
        found = offer_to_stay(shop.id, line.id, now=shop.now)
        assert found is not None
        make_offer(found[0], line, reason=found[2], actor=shop.system, now=shop.now)
    with no_complaints(page):
        sign_in(page, shop)
        page.get_by_role("navigation").get_by_role("link", name="Plan", exact=True).click()
        page.get_by_role("link", name="Keep my plan").click()
        expect(page.get_by_text("Stay, and pay 50 % less for your next period.")).to_be_visible()
        good(page)
        page.get_by_role("button", name="Yes, Keep my plan").click()
        expect(page.get_by_role("status")).to_contain_text("What was offered is yours")


def _offers(shop: World, offer: Offer, moment: Moment) -> None:
    with tenant(shop.id):
        create_rule(RuleTerms(moment, "Stay", offer), actor=shop.system, now=shop.now)


def _leave(page: Page) -> None:
    page.get_by_role("link", name="Cancel the plan").click()
    page.get_by_label("I do not use it").check()
    page.get_by_role("button", name="Go on").click()


def _size(button: Locator) -> tuple[float, float]:
    box = button.bounding_box()
    assert box is not None
    return box["width"], box["height"]


def _look(button: Locator) -> object:
    return button.evaluate(
        "one => { const s = getComputedStyle(one); return [s.backgroundColor, s.color, s.fontSize] }"
    )
