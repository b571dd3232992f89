"""What people do on the panel's pages, by what they see."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def row_of(page: Page, name: str) -> Locator:
    """The line of the list that names this customer."""
    return page.get_by_role("row").filter(has_text=name)


def names(page: Page) -> list[str]:
    """The customers of the list in their order."""
    return page.get_by_role("rowheader").get_by_role("link").all_inner_texts()


def opened_popup(page: Page) -> Locator:
    """The popup, ready: its first field has the focus."""
    popup = page.locator("#popup")
    expect(popup.locator("[autofocus], [data-close]").first).to_be_visible()
    if popup.locator("[autofocus]").count():
        expect(popup.locator("[autofocus]")).to_be_focused()
    return popup


def ask(page: Page, name: str, verb: str) -> Locator:
    """Chooses the verb in the Actions menu of a row, and returns the popup."""
    page.get_by_role("button", name=f"Actions for {name}").click()
    page.get_by_role("link", name=verb, exact=True).click()
    return opened_popup(page)


def fill_and_preview(page: Page, reason: str) -> None:
    """Types the reason, and waits until the popup shows the mail with it."""
    with page.expect_response(lambda answer: "?preview" in answer.url):
        page.locator("#popup").get_by_label("Reason").fill(reason)


def suspend(page: Page, name: str, reason: str = "Disputed.") -> None:
    """Menu, popup, reason, *Yes, Suspend*."""
    popup = ask(page, name, "Suspend account")
    popup.get_by_label("Reason").fill(reason)
    popup.get_by_role("button", name="Yes, Suspend").click()
    expect(page.locator(".toast").filter(has_text=f"{name} is suspended.")).to_be_visible()


def chips(page: Page) -> list[str]:
    """The filters in force."""
    return page.get_by_role("list", name="Filters in force").locator(".chip-text").all_inner_texts()
