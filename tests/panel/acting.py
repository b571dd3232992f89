"""What people do on the panel's pages, by what they see."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.at_rest import at_rest, press
from tests.browser import preview


def row_of(page: Page, name: str) -> Locator:
    """The line of the list that names this customer."""
    return page.get_by_role("row").filter(has_text=name)


def names(page: Page) -> list[str]:
    """The customers of the list in their order."""
    at_rest(page)
    return page.get_by_role("rowheader").get_by_role("link").all_inner_texts()


def opened_popup(page: Page) -> Locator:
    """The popup, ready: its first field has the focus."""
    popup = page.locator("#popup")
    expect(popup.locator("[autofocus], [data-close]").first).to_be_visible()
    at_rest(page)
    if popup.locator("[autofocus]").count():
        expect(popup.locator("[autofocus]")).to_be_focused()
    return popup


def ask(page: Page, name: str, verb: str) -> Locator:
    """Chooses the verb in the Actions menu of a row, and returns the popup."""
    page.get_by_role("button", name=f"Actions for {name}").click()
    page.get_by_role("link", name=verb, exact=True).click()
    return opened_popup(page)


def walk_to(page: Page, verb: str, *, within: int = 40) -> None:
    """From the first item of the menu that is open to this one, by arrows."""
    focused = page.locator(".menu-item:focus")
    expect(focused).to_be_visible()
    for _ in range(within):
        if focused.inner_text().strip() == verb:
            return
        press(page, "ArrowDown")
    expect(focused).to_have_text(verb)


def choose_by_keys(field: Locator, begins: str, *, within: int = 40) -> None:
    """The choice of a list that has the focus, by arrows; typed letters count together for a second only."""
    chosen = "one => one.selectedOptions[0].textContent.trim()"
    for _ in range(within):
        if str(field.evaluate(chosen)).startswith(begins):
            break
        press(field.page, "ArrowDown")
    at_rest(field.page)
    assert str(field.evaluate(chosen)).startswith(begins)


def fill_and_preview(page: Page, reason: str) -> None:
    """Types the reason, and waits until the popup shows the mail with it."""
    preview(page, lambda: page.locator("#popup").get_by_label("Reason").fill(reason))


def suspend(page: Page, name: str, reason: str = "Disputed.") -> None:
    """Menu, popup, reason, *Yes, Suspend*."""
    popup = ask(page, name, "Suspend account")
    popup.get_by_label("Reason").fill(reason)
    popup.get_by_role("button", name="Yes, Suspend").click()
    expect(page.locator(".toast").filter(has_text=f"{name} is suspended.")).to_be_visible()


def chips(page: Page) -> list[str]:
    """The filters in force."""
    at_rest(page)
    return page.get_by_role("list", name="Filters in force").locator(".chip-text").all_inner_texts()
