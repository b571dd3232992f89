"""The three guides of credentials, end to end: look at them, reset the password, mail the link that shows them once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.mail import EmailMessage
from playwright.sync_api import Locator, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from partnerpanel.tenancy.scope import tenant
from subscriptions.models import ServiceAccount
from subscriptions.provisioning.accounts import password_of
from subscriptions.provisioning.internal import may_log_in
from tests.browser import PHONE, Theme, no_complaints, scrolls_sideways, serious_findings
from tests.panel.conftest import Visit
from tests.panel.shop import Shop
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Words:
    """What the pages say in one language."""

    language: str
    actions: str
    view: str
    confirm_me: str
    confirm: str
    password: str
    reason: str
    yes_show: str
    looked_at: str
    hidden: str
    reset: str
    yes_reset: str
    is_reset: str
    email: str
    yes_send: str
    is_mailed: str
    show_mine: str
    gone: str


ENGLISH = Words(
    language="en",
    actions="Actions for Anna Alder",
    view="View Credentials",
    confirm_me="Confirm that it is me",
    confirm="Confirm",
    password="Password",
    reason="Reason",
    yes_show="Yes, Show",
    looked_at="Credentials looked at",
    hidden="hidden",
    reset="Reset Password",
    yes_reset="Yes, Reset",
    is_reset="is reset; the service is setting it.",
    email="Email Credentials",
    yes_send="Yes, Send",
    is_mailed="are being mailed.",
    show_mine="Show my credentials",
    gone="This link no longer works",
)
GERMAN = Words(
    language="de",
    actions="Aktionen für Anna Alder",
    view="Zugangsdaten ansehen",
    confirm_me="Bestätigen, dass ich es bin",
    confirm="Bestätigen",
    password="Passwort",
    reason="Grund",
    yes_show="Ja, anzeigen",
    looked_at="Zugangsdaten angesehen",
    hidden="verborgen",
    reset="Passwort zurücksetzen",
    yes_reset="Ja, zurücksetzen",
    is_reset="ist zurückgesetzt; der Dienst setzt es gerade.",
    email="Zugangsdaten mailen",
    yes_send="Ja, senden",
    is_mailed="werden gemailt.",
    show_mine="Zugangsdaten anzeigen",
    gone="Dieser Link gilt nicht mehr",
)
LANGUAGES = pytest.mark.parametrize(
    ("words", "theme"), [(ENGLISH, "light"), (GERMAN, "dark")], ids=["en-light", "de-dark"]
)


def stored_password(shop: Shop) -> str:
    with tenant(shop.world.id):
        return password_of(ServiceAccount.objects.for_partner(shop.world.id).get(subscription__customer=shop.anna))


def link_in(mail: EmailMessage) -> str:
    """The mail's one-time link."""
    (link,) = re.findall(r"https?://\S+/credentials/par_\S+", str(mail.body))
    return str(link)


def chosen(page: Page, words: Words, verb: str) -> Locator:
    """The popup of the verb, chosen in the Actions menu of Anna's row."""
    page.get_by_role("button", name=words.actions).click()
    page.get_by_role("link", name=verb, exact=True).click()
    popup = page.locator("#popup")
    expect(popup.get_by_role("heading", name=verb)).to_be_visible()
    return popup


@LANGUAGES
def test_credentials_are_looked_at_after_confirming_and_hidden_again(
    visit: Visit, shop: Shop, words: Words, theme: Theme
) -> None:
    page = visit(shop.url("customers/?tab=active"), user=shop.owner, theme=theme, language=words.language)
    popup = chosen(page, words, words.view)
    assert serious_findings(page) == []
    popup.get_by_role("link", name=words.confirm_me).click()
    page.get_by_label(words.password).fill(PASSWORD)
    page.get_by_role("button", name=words.confirm, exact=True).click()
    expect(page.get_by_label(words.reason)).to_be_visible()
    page.goto(shop.customer_url(shop.anna))
    page.clock.install()
    secret = page.locator(".subscription .secret")
    secret.get_by_role("link").click()
    popup.get_by_label(words.reason).fill("They asked.")
    popup.get_by_role("button", name=words.yes_show).click()
    password = stored_password(shop)
    expect(popup.locator(".secret")).to_contain_text(password)
    assert serious_findings(page) == []
    page.clock.run_for(15_000)
    expect(popup.locator(".secret")).to_contain_text(password)
    page.clock.run_for(16_000)
    expect(popup.locator(".secret")).not_to_contain_text(password)
    assert password not in page.content()
    expect(popup.get_by_label(words.hidden)).to_be_visible()
    page.keyboard.press("Escape")
    timeline = page.locator("#timeline")
    expect(timeline).to_contain_text(words.looked_at)
    expect(timeline).to_contain_text("They asked.")


@LANGUAGES
def test_a_password_is_reset_and_the_service_has_it(visit: Visit, shop: Shop, words: Words, theme: Theme) -> None:
    page = visit(shop.url("customers/?tab=active"), user=shop.owner, theme=theme, language=words.language)
    before = stored_password(shop)
    popup = chosen(page, words, words.reset)
    assert serious_findings(page) == []
    with no_complaints(page):
        popup.get_by_role("button", name=words.yes_reset).click()
        expect(page.locator(".toast")).to_contain_text(words.is_reset)
    assert stored_password(shop) != before
    shop.work()
    with tenant(shop.world.id):
        account = ServiceAccount.objects.for_partner(shop.world.id).get(subscription__customer=shop.anna)
        assert may_log_in(shop.world.id, account.username, password_of(account))


@LANGUAGES
def test_the_mailed_link_shows_the_credentials_once(
    visit: Visit,
    shop: Shop,
    words: Words,
    theme: Theme,
    settings: Settings,
    live_server: LiveServer,
    mailoutbox: list[EmailMessage],
) -> None:
    settings.PUBLIC_URL = live_server.url
    page = visit(shop.url("customers/?tab=active"), user=shop.owner, theme=theme, language=words.language)
    popup = chosen(page, words, words.email)
    mail = popup.locator(".quote-mail").filter(has_text="anna@alder.example")
    mail.locator("summary").click()
    expect(mail.locator(".quote-mail-body")).to_contain_text("/credentials/par_")
    assert serious_findings(page) == []
    popup.get_by_role("button", name=words.yes_send).click()
    expect(page.locator(".toast")).to_contain_text(words.is_mailed)
    mailoutbox.clear()
    shop.work()
    (sent,) = mailoutbox
    link = link_in(sent)

    customer = visit(link, theme=theme, language=words.language, width=PHONE)
    assert not scrolls_sideways(customer)
    assert serious_findings(customer) == []
    assert stored_password(shop) not in customer.content()
    asked = follow(customer, lambda: customer.get_by_role("button", name=words.show_mine).click())
    expect(customer.locator(".secret")).to_contain_text(stored_password(shop))
    assert not scrolls_sideways(customer)
    assert serious_findings(customer) == []
    token = link.partition("#")[2]
    assert all(token not in url for url in asked), "no server hears of it in an address"

    again = visit(link, theme=theme, language=words.language)
    again.get_by_role("button", name=words.show_mine).click()
    expect(again.get_by_role("heading", name=words.gone)).to_be_visible()
    assert serious_findings(again) == []


def follow(page: Page, act: Callable[[], object]) -> list[str]:
    """The addresses that the browser asks for meanwhile, each with where it says that it comes from."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer', '')}"))
    act()
    return asked


def test_without_the_script_the_link_is_pasted(
    visit: Visit, shop: Shop, settings: Settings, live_server: LiveServer, mailoutbox: list[EmailMessage]
) -> None:
    settings.PUBLIC_URL = live_server.url
    page = visit(shop.customer_url(shop.anna, "credentials/send/"), user=shop.owner)
    page.get_by_role("button", name="Yes, Send").click()
    expect(page.locator(".toast")).to_contain_text("are being mailed.")
    mailoutbox.clear()
    shop.work()
    link = link_in(mailoutbox[0])
    page.goto(link.partition("#")[0])
    page.get_by_label("The link from your e-mail").fill(link)
    page.get_by_role("button", name="Show my credentials").click()
    expect(page.locator(".secret")).to_contain_text(stored_password(shop))


def test_a_read_only_colleague_is_offered_none_of_it(visit: Visit, shop: Shop) -> None:
    page = visit(shop.customer_url(shop.anna), user=shop.reader)
    expect(page.locator(".subscription .secret")).to_be_visible()
    for verb in ("View Credentials", "Reset Password", "Email Credentials"):
        expect(page.get_by_role("link", name=verb)).to_have_count(0)
    expect(page.locator(".subscription .secret").get_by_role("link")).to_have_count(0)
