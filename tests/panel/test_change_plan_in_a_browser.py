"""The guide of *Change Plan*, word for word: Actions, Change Plan, the new plan, when, *Yes, Change Plan*, done."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from partnerpanel.policy.rules.change import When
from tests.actions.selling import Buyer, Shop
from tests.at_rest import press, tab_to
from tests.browser import PHONE, Theme, preview, scrolls_sideways, serious_findings
from tests.panel.acting import choose_by_keys, opened_popup, walk_to
from tests.panel.conftest import Visit
from tests.people import Team
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Words:
    """What the pages say in one language."""

    language: str
    actions: str
    change_plan: str
    current: str
    new: str
    immediately: str
    next_billing: str
    keep: str
    unused: str
    due_now: str
    amount: str
    less: str
    yes: str
    done: str
    waits: str
    cancel: str
    yes_cancel: str
    declined: str
    unpaid: str


ENGLISH = Words(
    "en",
    "Actions for",
    "Change Plan",
    "Current plan",
    "New plan",
    "Immediately",
    "At next billing",
    "The billing date stays",
    "60.00 credit = 100.00 × 18/30 days unused",
    "Due now",
    "€90.00",
    "€30.00",
    "Yes, Change Plan",
    "is on Business. €90.00 was charged.",
    "Starter · €40.00 per 30 days instead of Basic.",
    "Cancel the change",
    "Yes, Cancel the change",
    "Declined: nothing has changed",
    "Waiting for payment",
)
GERMAN = Words(
    "de",
    "Aktionen für",
    "Tarif wechseln",
    "Jetziger Tarif",
    "Neuer Tarif",
    "Sofort",
    "Zur nächsten Abrechnung",
    "Der Abrechnungstag bleibt",
    "60,00 Gutschrift = 100,00 × 18/30 Tage ungenutzt",
    "Jetzt fällig",
    "90,00\N{NO-BREAK SPACE}€",
    "30,00\N{NO-BREAK SPACE}€",
    "Ja, Tarif wechseln",
    "ist auf Business. 90,00\N{NO-BREAK SPACE}€ wurden abgebucht.",
    "Starter · 40,00\N{NO-BREAK SPACE}€ alle 30 Tage statt Basic.",
    "Änderung absagen",
    "Ja, Änderung absagen",
    "Abgelehnt: nichts hat sich geändert",
    "Wartet auf Zahlung",
)
BOTH = pytest.mark.parametrize(("words", "theme"), [(ENGLISH, "light"), (GERMAN, "dark")], ids=["en-light", "de-dark"])


@pytest.fixture
def store(world: World, team: Team) -> Shop:
    world.now = system_now()
    return Shop(world, team.owner, now=world.now)


def listed(store: Shop) -> str:
    return f"/panel/{store.world.partner.slug}/customers/"


def choose(popup: Locator, label: str, plan: str) -> None:
    option = popup.get_by_label(label).locator("option").filter(has_text=f"{plan} ·")
    preview(popup.page, lambda: popup.get_by_label(label).select_option(value=option.get_attribute("value")))


def ask(page: Page, words: Words) -> Locator:
    page.get_by_role("button", name=words.actions).click()
    page.get_by_role("link", name=words.change_plan).click()
    popup = page.locator("#popup")
    expect(popup.get_by_label(words.new)).to_be_focused()
    return popup


@BOTH
def test_an_owner_changes_the_plan_at_once(visit: Visit, store: Shop, words: Words, theme: Theme) -> None:
    buyer = store.buyer("Basic")
    page = visit(listed(store), user=store.person.user, theme=theme, language=words.language)
    popup = ask(page, words)
    expect(popup.get_by_label(words.current)).to_have_value(_starts("Basic · "))
    choose(popup, words.new, "Business")
    expect(popup.get_by_label(words.immediately)).to_be_checked()
    expect(popup.locator(".quote-lines")).to_contain_text(words.unused)
    expect(popup.locator(".quote-due")).to_contain_text(words.due_now)
    expect(popup.locator(".quote-due")).to_contain_text(words.amount)
    preview(page, lambda: popup.get_by_label(words.keep).check())
    expect(popup.locator(".quote-due")).to_contain_text(words.less)
    expect(popup.get_by_label(words.keep)).to_be_focused()
    assert serious_findings(page) == []
    choose(popup, words.new, "Starter")
    expect(popup.get_by_label(words.next_billing)).to_be_checked()
    choose(popup, words.new, "Business")
    popup.get_by_role("button", name=words.yes).click()
    expect(page.locator(".toast")).to_contain_text(words.done)
    expect(page.get_by_role("row").last).to_contain_text("Business")
    assert (buyer.plan, buyer.charged) == ("Business", ["90.00"])


@BOTH
def test_a_change_at_the_next_billing_waits_where_everybody_sees_it_and_is_cancelled_there(
    visit: Visit, store: Shop, words: Words, theme: Theme
) -> None:
    buyer = store.buyer("Basic")
    page = visit(listed(store), user=store.person.user, theme=theme, language=words.language, width=PHONE)
    popup = ask(page, words)
    choose(popup, words.new, "Starter")
    assert not scrolls_sideways(page)
    assert serious_findings(page) == []
    popup.get_by_role("button", name=words.yes).click()
    expect(page.locator(".toast")).to_be_visible()
    assert buyer.changes_made == [("plan", "scheduled")]

    page.goto(customer_page(buyer))
    waiting = page.locator(".pending-change")
    expect(waiting).to_contain_text(words.waits)
    assert not scrolls_sideways(page)
    assert serious_findings(page) == []
    waiting.get_by_role("link", name=words.cancel).click()
    popup.get_by_role("button", name=words.yes_cancel).click()
    expect(waiting).to_be_hidden()
    assert buyer.changes_made == [("plan", "cancelled")]


@BOTH
def test_a_declined_card_changes_nothing_and_the_popup_says_so(
    visit: Visit, store: Shop, words: Words, theme: Theme
) -> None:
    buyer = store.buyer("Basic", card="sandbox_soft_decline")
    page = visit(listed(store), user=store.person.user, theme=theme, language=words.language)
    popup = ask(page, words)
    choose(popup, words.new, "Business")
    popup.get_by_role("button", name=words.yes).click()
    expect(popup.get_by_role("heading", name=words.declined)).to_be_visible()
    assert serious_findings(page) == []
    assert (buyer.plan, buyer.invoices) == ("Basic", [("void", "90.00")])


def test_without_a_card_the_popup_says_how_to_get_paid_and_the_payment_does_the_rest(visit: Visit, store: Shop) -> None:
    buyer = store.buyer("Basic", card="")
    page = visit(listed(store), user=store.person.user)
    popup = ask(page, ENGLISH)
    choose(popup, ENGLISH.new, "Business")
    expect(popup.locator(".quote")).to_contain_text("An invoice of €90.00 is written.")
    popup.get_by_role("button", name=ENGLISH.yes).click()
    expect(popup.get_by_role("heading", name=ENGLISH.unpaid)).to_be_visible()
    popup.get_by_role("link", name="Record payment").click()
    popup.get_by_label("Note").fill("statement 7")
    popup.get_by_role("button", name="Yes, Record payment").click()
    expect(page.locator(".toast")).to_contain_text("recorded")
    assert buyer.plan == "Business"


def test_what_moved_meanwhile_is_shown_in_place(visit: Visit, store: Shop) -> None:
    buyer = store.buyer("Basic")
    page = visit(listed(store), user=store.person.user)
    popup = ask(page, ENGLISH)
    choose(popup, ENGLISH.new, "Business")
    buyer.changes("Starter", When.PERIOD_END)
    popup.get_by_role("button", name=ENGLISH.yes).click()
    moved = popup.locator("[data-moved]")
    expect(moved).to_be_focused()
    expect(moved.get_by_role("row").filter(has_text="Next invoice")).to_contain_text("€40.00")
    assert buyer.plan == "Basic"
    popup.get_by_role("button", name=ENGLISH.yes).click()
    expect(page.locator(".toast")).to_contain_text("is on Business.")


def test_by_keyboard_alone_a_plan_is_changed(visit: Visit, store: Shop) -> None:
    buyer = store.buyer("Basic")
    page = visit(listed(store), user=store.person.user)
    page.get_by_role("button", name="Actions for").focus()
    press(page, "Enter")
    expect(page.get_by_role("link", name="Open customer")).to_be_focused()
    walk_to(page, "Change Plan")
    press(page, "Enter")
    popup = opened_popup(page)
    choose_by_keys(popup.get_by_label("New plan"), "Business")
    press(page, "Tab")
    expect(popup.get_by_label("Immediately")).to_be_focused()
    preview(page, lambda: page.keyboard.press("ArrowDown"))
    expect(popup.get_by_label("At next billing")).to_be_focused()
    preview(page, lambda: page.keyboard.press("ArrowUp"))
    expect(popup.get_by_label("Immediately")).to_be_focused()
    tab_to(popup.get_by_role("button", name="Yes, Change Plan"))
    press(page, "Enter")
    expect(page.locator(".toast")).to_contain_text("is on Business.")
    assert buyer.plan == "Business"


def test_of_several_subscriptions_the_popup_asks_which(visit: Visit, store: Shop) -> None:
    buyer = store.buyer("Basic")
    other = store.world.subscription(customer=buyer.customer, plan_id=store.plans["Business"])
    page = visit(listed(store), user=store.person.user)
    page.get_by_role("button", name="Actions for").click()
    page.get_by_role("link", name="Change Plan").click()
    popup = opened_popup(page)
    expect(popup).to_contain_text("Which subscription?")
    assert serious_findings(page) == []
    popup.get_by_role("link", name="Basic").click()
    expect(popup.get_by_label("Current plan")).to_have_value(_starts("Basic · "))
    choose(popup, "New plan", "Starter")
    popup.get_by_role("button", name="Yes, Change Plan").click()
    expect(page.locator(".toast")).to_be_visible()
    assert buyer.changes_made == [("plan", "scheduled")]
    assert Buyer(store, buyer.customer, other).changes_made == []


def customer_page(buyer: Buyer) -> str:
    return f"/panel/{buyer.shop.world.partner.slug}/customers/{public('cus', buyer.customer)}/"


def _starts(text: str) -> re.Pattern[str]:
    return re.compile(f"^{re.escape(text)}")
