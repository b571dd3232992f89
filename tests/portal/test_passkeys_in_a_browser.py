"""A customer adds the device in hand, and signs in with it: a real browser, with an authenticator of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from partnerpanel.kernel.clock import system_now
from partnerpanel.portal.places import SESSION, cookie_name
from tests import browser as browsers
from tests.browser import PHONE, no_complaints, scrolls_sideways, serious_findings
from tests.people import Team
from tests.portal.guests import Guest, guest
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def anna(transactional_db: None, team: Team) -> Guest:
    cache.clear()
    world = World(team.partner, now=system_now())
    return guest(world, world.customer("Anna's Bakery"))


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, anna: Guest) -> Iterator[Page]:
    """Anna's telephone, on which she is signed in by mail."""
    cookie = cookie_name(SESSION, anna.partner)
    with browsers.visitor(browser, live_server, theme="dark", width=PHONE) as context:
        context.add_cookies([{"name": cookie, "value": anna.token, "url": live_server.url}])
        yield context.new_page()


def telephone(page: Page, *, is_willing: bool = True) -> None:
    """It has an authenticator that knows its owner."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": is_willing,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_the_telephone_is_added_and_signs_in_without_a_mail(page: Page, anna: Guest) -> None:
    telephone(page)
    with no_complaints(page):
        page.goto(f"{anna.at}account/")
        page.get_by_role("link", name="Manage passkeys").click()
        page.get_by_role("button", name="Add this device").click()
        expect(page.get_by_text("The passkey is kept.")).to_be_visible()
        expect(page.get_by_text("added")).to_be_visible()
        assert serious_findings(page) == []
        assert not scrolls_sideways(page)

        page.context.clear_cookies()
        page.goto(f"{anna.at}invoices/")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        assert serious_findings(page) == []
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("heading", name="Invoices", exact=True)).to_be_visible()

        page.goto(f"{anna.at}account/passkeys/")
        expect(page.get_by_text("last used")).to_be_visible()
        page.get_by_role("button", name="Remove").click()
        expect(page.get_by_text("The passkey is removed")).to_be_visible()


def test_a_device_that_does_not_know_who_holds_it_changes_nothing(page: Page, anna: Guest) -> None:
    telephone(page, is_willing=False)
    page.goto(f"{anna.at}account/passkeys/")
    page.get_by_role("button", name="Add this device").click()
    expect(page.get_by_text("Your device has not confirmed it.")).to_be_visible()
    expect(page.get_by_role("button", name="Add this device")).to_be_enabled()
    assert serious_findings(page) == []
