"""The guide of *Rollback Plan*, word for word: Actions, Rollback Plan, the earlier plan, *Yes, Rollback*, and back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from tests.actions.selling import Shop
from tests.at_rest import press, tab_to
from tests.browser import PHONE, Theme, preview, scrolls_sideways, serious_findings
from tests.panel.acting import opened_popup, walk_to
from tests.panel.conftest import Visit
from tests.people import Team
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Words:
    """What the pages say in one language."""

    language: str
    actions: str
    rollback: str
    back_to: str
    taken_back: str
    without: str
    yes: str
    done: str
    credit_notes: str


ENGLISH = Words(
    "en",
    "Actions for",
    "Rollback Plan",
    "Back to",
    "Taken back: Business",
    "Without money",
    "Yes, Rollback",
    "is back on Basic. €90.00 went to the balance.",
    "Credit notes",
)
GERMAN = Words(
    "de",
    "Aktionen für",
    "Zum früheren Tarif",
    "Zurück zu",
    "Zurückgenommen: Business",
    "Ohne Geld",
    "Ja, zurücksetzen",
    "ist zurück auf Basic. 90,00\N{NO-BREAK SPACE}€ gingen auf das Guthaben.",
    "Gutschriften",
)
BOTH = pytest.mark.parametrize(("words", "theme"), [(ENGLISH, "light"), (GERMAN, "dark")], ids=["en-light", "de-dark"])


@pytest.fixture
def store(world: World, team: Team) -> Shop:
    world.now = system_now()
    return Shop(world, team.owner, now=world.now)


def listed(store: Shop, what: str = "customers/") -> str:
    return f"/panel/{store.world.partner.slug}/{what}"


def ask(page: Page, words: Words) -> Locator:
    page.get_by_role("button", name=words.actions).click()
    page.get_by_role("link", name=words.rollback).click()
    popup = page.locator("#popup")
    expect(popup.get_by_label(words.back_to)).to_be_focused()
    return popup


@BOTH
def test_an_owner_rolls_a_change_back_and_finds_its_credit_note(
    visit: Visit, store: Shop, words: Words, theme: Theme
) -> None:
    buyer = store.buyer("Basic")
    buyer.changes("Business")
    page = visit(listed(store), user=store.person.user, theme=theme, language=words.language)
    popup = ask(page, words)
    # The plan before the newest change is chosen already, and what going back gives is shown.
    expect(popup.get_by_label(words.back_to).locator("option").first).to_contain_text("Basic · ")
    expect(popup.locator(".quote-lines")).to_contain_text(words.taken_back)
    assert serious_findings(page) == []
    popup.get_by_role("button", name=words.yes).click()
    expect(page.locator(".toast")).to_contain_text(words.done)
    assert (buyer.plan, buyer.balance) == ("Basic", "90.00")

    page.goto(listed(store, "invoices/"))
    page.locator(".tabs").get_by_role("link", name=words.credit_notes).click()
    expect(page.locator(".tabs [aria-current]")).to_contain_text(words.credit_notes)
    assert serious_findings(page) == []
    page.get_by_role("rowheader").get_by_role("link").click()
    expect(page.locator("#lines")).to_contain_text(words.taken_back)
    assert serious_findings(page) == []


@BOTH
def test_without_money_only_the_plan_goes_back(visit: Visit, store: Shop, words: Words, theme: Theme) -> None:
    buyer = store.buyer("Basic")
    buyer.changes("Business")
    page = visit(listed(store), user=store.person.user, theme=theme, language=words.language, width=PHONE)
    popup = ask(page, words)
    preview(page, lambda: popup.get_by_label(words.without).check())
    expect(popup.locator(".quote-lines")).to_be_hidden()
    assert not scrolls_sideways(page)
    assert serious_findings(page) == []
    popup.get_by_role("button", name=words.yes).click()
    expect(page.locator(".toast")).to_be_visible()
    assert (buyer.plan, buyer.balance) == ("Basic", "0")


def test_a_credit_note_and_an_invoice_with_credits_fit_a_phone(visit: Visit, store: Shop) -> None:
    buyer = store.buyer("Basic")
    buyer.changes("Business")
    buyer.rolls_back()
    page = visit(listed(store, "credit-notes/"), user=store.person.user, width=PHONE, theme="dark")
    page.get_by_role("rowheader").get_by_role("link").click()
    expect(page.locator("#lines")).to_contain_text("150.00 credit = all of it on INV-000001")
    assert not scrolls_sideways(page)
    page.locator("#lines").get_by_role("link", name="INV-000001").first.click()
    expect(page.locator("#lines")).to_contain_text("Unused time: Basic")
    expect(page.locator("#credit-notes")).to_contain_text("Rollback of the plan")
    assert not scrolls_sideways(page)
    assert serious_findings(page) == []
    page.goto(listed(store, f"customers/{public('cus', buyer.customer)}/"))
    page.get_by_text("Earlier changes").click()
    expect(page.locator(".past-changes")).to_contain_text("Back from Business to Basic")
    assert not scrolls_sideways(page)
    assert serious_findings(page) == []


def test_by_keyboard_alone_a_change_is_rolled_back(visit: Visit, store: Shop) -> None:
    buyer = store.buyer("Basic")
    buyer.changes("Business")
    page = visit(listed(store), user=store.person.user)
    page.get_by_role("button", name="Actions for").focus()
    press(page, "Enter")
    expect(page.get_by_role("link", name="Open customer")).to_be_focused()
    walk_to(page, "Rollback Plan")
    press(page, "Enter")
    popup = opened_popup(page)
    tab_to(popup.get_by_role("button", name="Yes, Rollback"))
    press(page, "Enter")
    expect(page.locator(".toast")).to_contain_text("is back on Basic.")
    assert buyer.plan == "Basic"
