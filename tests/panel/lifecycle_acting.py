"""What people do in the popups of a subscription, and a shop that is open now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from partnerpanel.kernel.clock import system_now
from tests.actions.selling import Buyer, Shop
from tests.browser import scrolls_sideways, serious_findings
from tests.panel.lifecycle_words import Words
from tests.people import Team
from tests.world import World


@pytest.fixture
def store(world: World, team: Team) -> Shop:
    world.now = system_now()
    return Shop(world, team.owner, now=world.now)


def listed(store: Shop) -> str:
    return f"/panel/{store.world.partner.slug}/customers/"


def anna(store: Shop, *, days_ago: int = 12, card: str = "sandbox_ok") -> Buyer:
    """Anna Alder, who paid for thirty days of Basic that began so many days ago."""
    return store.buyer("Basic", days_ago=days_ago, card=card, name="Anna Alder")


def anna_in_arrears(store: Shop, *, days: int) -> Buyer:
    """Anna, whose renewal was declined so many days ago."""
    now = store.now
    store.now = store.world.now = now - timedelta(days=days + 1)
    buyer = anna(store, days_ago=29, card="sandbox_soft_decline")
    buyer.lives_until(now)
    store.world.now = now
    return buyer


def ask(page: Page, words: Words, verb: str) -> Locator:
    """Chooses the verb in the Actions menu of Anna's row, and returns the popup."""
    page.get_by_role("button", name=words.actions).click()
    page.locator(".menu:popover-open").get_by_role("link", name=verb, exact=True).click()
    popup = page.locator("#popup")
    expect(popup.locator("#popup-title")).to_be_visible()
    return popup


def say(page: Page, yes: str, toast: str) -> None:
    """Looks whether everybody can read the popup, presses its button, and reads the toast."""
    assert serious_findings(page) == []
    assert not scrolls_sideways(page)
    page.locator("#popup").get_by_role("button", name=yes, exact=True).click()
    expect(page.locator(".toast").filter(has_text=toast)).to_be_visible()
