"""One customer is limited, asked to verify, verified, and banned in the end, from its page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from partnerpanel.kernel.ids import public
from tests.at_rest import asks, at_rest, press
from tests.browser import DESK, PHONE, Theme, preview, previews_held, scrolls_sideways, serious_findings
from tests.panel.conftest import Visit
from tests.people import Person
from tests.services.test_usage_of_allowances import uses
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def set_to(page: Page, value: str) -> None:
    field = page.locator("#popup").get_by_label("Set it to")
    field.fill(value)
    field.blur()


def confirm(page: Page, button: str, said: str) -> None:
    popup = page.locator("#popup")
    assert serious_findings(page) == []
    popup.get_by_role("button", name=button).click()
    expect(page.locator(".toast").last).to_contain_text(said)


def opened(world: World, owner: Person, visit: Visit, theme: Theme = "light", width: int = DESK) -> Page:
    """The popup of limits, for somebody who has used 85 of 100 calls."""
    id_ = world.subscription(plan_id=world.plan(allowances={"calls": 100, "lines": 5}), started_at=world.now)
    world.drain()
    uses(world, id_, 85, "a")
    customer = world.read_subscription(id_).customer_id
    at = f"/panel/{world.partner.slug}/customers/{public('cus', customer)}/"
    page = visit(at, user=owner.user, theme=theme, width=width)
    expect(page.locator(".usage").first).to_contain_text("85 of 100")
    page.locator(".subscription-head button").first.click()
    page.locator(".menu:popover-open").get_by_text("Set limits").click()
    return page


def test_what_is_typed_while_a_preview_is_on_its_way_stays_and_is_what_is_done(
    world: World, owner: Person, visit: Visit
) -> None:
    page = opened(world, owner, visit)
    popup = page.locator("#popup")
    value = popup.get_by_label("Set it to")
    with previews_held(page):
        popup.get_by_label("Reason").fill("shares its login")
        value.focus()
        asks(page)
        value.fill("90")
    at_rest(page)
    expect(value).to_have_value("90")
    expect(value).to_be_focused()
    preview(page, lambda: press(page, "Tab"))
    confirm(page, "Yes, Set limit", "may use 90 calls.")


@pytest.mark.parametrize(("theme", "width"), [("light", DESK), ("dark", PHONE)])
def test_limited_asked_verified_and_banned(world: World, owner: Person, visit: Visit, theme: Theme, width: int) -> None:
    page = opened(world, owner, visit, theme, width)
    popup = page.locator("#popup")
    popup.get_by_label("Reason").fill("shares its login")
    preview(page, lambda: popup.get_by_label("Allowance").select_option("lines"))
    expect(popup.get_by_label("Set it to")).to_have_value("5")
    preview(page, lambda: set_to(page, "1"))
    confirm(page, "Yes, Set limit", "may use 1 lines.")
    expect(page.locator(".usage").last).to_contain_text("shares its login")
    page.get_by_role("link", name="Require verification").or_(
        page.get_by_role("button", name="Require verification")
    ).first.click()
    expect(popup.locator(".quote")).to_contain_text("blocked until somebody says")
    confirm(page, "Yes, Require", "is asked to verify.")
    expect(page.locator("#customer")).to_contain_text("Asked to verify: blocked until then")
    assert not scrolls_sideways(page)
    assert serious_findings(page) == []
    page.locator(".alert").get_by_text("Verified", exact=True).click()
    popup.get_by_label("Reason").fill("seen in a video call")
    confirm(page, "Yes, Verified", "is verified.")
    page.locator(".page-header, header").get_by_text("Ban", exact=True).first.click()
    popup.get_by_label("Reason").fill("sends spam")
    confirm(page, "Yes, Ban", "is banned.")
    expect(page.locator("#customer")).to_contain_text("This customer is banned")
    assert not scrolls_sideways(page)
    assert serious_findings(page) == []
