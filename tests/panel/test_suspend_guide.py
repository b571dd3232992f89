"""The guide of the panel, end to end: from *Active* to *Yes, Suspend* to the mail to *Reactivate*."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from django.core.mail import EmailMessage
from playwright.sync_api import Page, expect

from tests.browser import Theme, preview
from tests.panel.acting import opened_popup, row_of
from tests.panel.conftest import Visit
from tests.panel.shop import Shop
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASON = "The last two invoices are disputed."


@dataclass(frozen=True)
class Words:
    """What the pages say in one language."""

    language: str
    sign_in: str
    email: str
    password: str
    customers: str
    active: str
    suspended: str
    actions: str
    suspend: str
    reason: str
    blocked: str
    yes_suspend: str
    is_suspended: str
    reactivate: str
    yes_reactivate: str
    is_reactivated: str


ENGLISH = Words(
    language="en",
    sign_in="Sign in",
    email="Email",
    password="Password",
    customers="Customers",
    active="Active",
    suspended="Suspended",
    actions="Actions for Anna Alder",
    suspend="Suspend account",
    reason="Reason",
    blocked="1 subscription is blocked at once. Nothing is deleted, nothing is charged, and no billing date moves.",
    yes_suspend="Yes, Suspend",
    is_suspended="Anna Alder is suspended.",
    reactivate="Reactivate",
    yes_reactivate="Yes, Reactivate",
    is_reactivated="Anna Alder is reactivated.",
)
GERMAN = Words(
    language="de",
    sign_in="Anmelden",
    email="E-Mail",
    password="Passwort",
    customers="Kunden",
    active="Aktiv",
    suspended="Gesperrt",
    actions="Aktionen für Anna Alder",
    suspend="Konto sperren",
    reason="Grund",
    blocked="1 Abonnement wird sofort gesperrt. Nichts wird gelöscht, nichts wird abgebucht, und kein Abrechnungstag",
    yes_suspend="Ja, sperren",
    is_suspended="Anna Alder ist gesperrt.",
    reactivate="Reaktivieren",
    yes_reactivate="Ja, reaktivieren",
    is_reactivated="Anna Alder ist reaktiviert.",
)


@pytest.mark.parametrize(("words", "theme"), [(ENGLISH, "light"), (GERMAN, "dark")], ids=["en-light", "de-dark"])
def test_an_owner_suspends_a_customer_and_takes_it_back(
    visit: Visit, shop: Shop, words: Words, theme: Theme, mailoutbox: list[EmailMessage]
) -> None:
    page = visit("/accounts/login/", theme=theme, language=words.language)
    sign_in(page, words, shop)
    page.get_by_role("link", name=words.customers, exact=True).click()
    open_tab(page, words.active)

    open_row_menu(page, words)
    page.get_by_role("link", name=words.suspend).click()
    popup = opened_popup(page)
    expect(popup).to_contain_text(words.blocked)
    preview(page, lambda: popup.get_by_label(words.reason).fill(REASON))
    mail = popup.locator(".quote-mail").filter(has_text="anna@alder.example")
    expect(mail).to_contain_text("Your account at Eastwind is suspended")
    mail.locator("summary").click()
    expect(mail.locator(".quote-mail-body")).to_be_visible()
    expect(mail.locator(".quote-mail-body")).to_contain_text(REASON)
    popup.get_by_role("button", name=words.yes_suspend).click()
    expect(page.locator(".toast")).to_contain_text(words.is_suspended)
    expect(row_of(page, "Anna Alder")).to_be_hidden()

    open_tab(page, words.suspended)
    expect(row_of(page, "Anna Alder")).to_be_visible()
    mailed = new_mails(shop, mailoutbox)
    assert [mail.subject for mail in mailed] == ["Your account at Eastwind is suspended"]
    assert mailed[0].to == ["Anna Alder <anna@alder.example>"]
    assert REASON in mailed[0].body

    open_row_menu(page, words)
    page.get_by_role("link", name=words.reactivate).click()
    popup.get_by_role("button", name=words.yes_reactivate).click()
    expect(page.locator(".toast").last).to_contain_text(words.is_reactivated)
    expect(row_of(page, "Anna Alder")).to_be_hidden()
    open_tab(page, words.active)
    expect(row_of(page, "Anna Alder")).to_be_visible()
    assert [mail.subject for mail in new_mails(shop, mailoutbox)] == ["Your account at Eastwind is active again"]


def sign_in(page: Page, words: Words, shop: Shop) -> None:
    main = page.get_by_role("main")
    main.get_by_label(words.email).fill(shop.owner.email)
    main.get_by_label(words.password).fill(PASSWORD)
    main.get_by_role("button", name=words.sign_in).click()


def open_tab(page: Page, name: str) -> None:
    page.locator(".tabs").get_by_role("link", name=name).click()
    expect(page.locator(".tabs [aria-current]")).to_contain_text(name)


def open_row_menu(page: Page, words: Words) -> None:
    page.get_by_role("button", name=words.actions).click()


def new_mails(shop: Shop, outbox: list[EmailMessage]) -> Sequence[EmailMessage]:
    """What the workers send now."""
    outbox.clear()
    shop.work()
    return list(outbox)
