"""What waits for a person is read on Home and tried again with one click."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from partnerpanel.invariants.look import look
from partnerpanel.invariants.registry import invariants
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Hold, Subscription
from tests.browser import DESK, PHONE, Theme, no_complaints, scrolls_sideways, serious_findings
from tests.panel.conftest import Visit
from tests.panel.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("theme", "width"), [("light", DESK), ("dark", PHONE)])
def test_a_subscription_that_waits_is_tried_again(visit: Visit, shop: Shop, theme: Theme, width: int) -> None:
    with tenant(shop.world.id):
        row = Subscription.objects.filter(customer=shop.anna).get()
        Subscription.objects.filter(pk=row.pk).update(parked_at=shop.now, attempts=5, last_error="ValueError: no term")
        Hold.objects.filter(released_at=None).update(kind="nonpayment")
    look(shop.world.id, invariants())
    page = visit(shop.url(), user=shop.owner, theme=theme, width=width)
    card = page.locator("#subscriptions")
    expect(card).to_contain_text("Repair what the reason names")
    expect(card).to_contain_text("ValueError: no term")
    expect(page.get_by_text("Nobody is suspended for nonpayment who owes nothing.")).to_be_visible()
    assert serious_findings(page) == []
    assert not scrolls_sideways(page)
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"home-waiting-{width}-{theme}.png", full_page=True)
    with no_complaints(page):
        card.get_by_role("button", name="Try again").click()
        expect(page.get_by_text("It is being tried again now.")).to_be_visible()
    expect(page.locator("#subscriptions")).to_be_hidden()
