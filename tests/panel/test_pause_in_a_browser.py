"""The guides of *Pause* and *Resume*, *Skip renewal* and *Move billing date*."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.actions.selling import Shop
from tests.at_rest import at_rest, press
from tests.browser import PHONE, Theme, preview
from tests.panel.conftest import Visit
from tests.panel.lifecycle_acting import anna, ask, listed, say, store
from tests.panel.lifecycle_words import ENGLISH, LANGUAGES, Words

__all__ = ["store"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@LANGUAGES
def test_it_is_paused_now_and_resumed(visit: Visit, store: Shop, words: Words, theme: Theme) -> None:
    buyer = anna(store)
    page = visit(listed(store), user=store.person.user, theme=theme, language=words.language, width=PHONE)
    popup = ask(page, words, words.pause)
    preview(page, lambda: popup.locator("[name=when]").select_option(value="now"))
    expect(popup.locator(".quote-lines")).to_contain_text("60")
    say(page, words.yes_pause, words.is_paused)
    assert (buyer.row().access, buyer.balance) == ("blocked", "60.00")
    expect(page.locator(".badge").filter(has_text=words.paused)).to_be_visible()
    ask(page, words, words.resume)
    say(page, words.yes_resume, words.goes_on)
    assert buyer.row().access == "open"


@LANGUAGES
def test_a_renewal_is_skipped(visit: Visit, store: Shop, words: Words, theme: Theme) -> None:
    buyer = anna(store)
    ends = buyer.terms[-1][1]
    page = visit(listed(store), user=store.person.user, theme=theme, language=words.language)
    popup = ask(page, words, words.skip)
    expect(popup.get_by_label(words.note)).to_be_focused()
    popup.get_by_label(words.note).fill("a gift")
    say(page, words.yes_skip, words.is_skipped)
    assert (buyer.terms[-1][1], buyer.charged) == (ends + timedelta(days=30), [])


@LANGUAGES
def test_the_billing_date_is_moved(visit: Visit, store: Shop, words: Words, theme: Theme) -> None:
    buyer = anna(store)
    ends = buyer.terms[-1][1]
    page = visit(listed(store), user=store.person.user, theme=theme, language=words.language, width=PHONE)
    popup = ask(page, words, words.move)
    day = popup.get_by_label(words.new_date)
    expect(day).to_be_focused()
    assert day.get_attribute("max") == (ends + timedelta(days=30)).isoformat()
    preview(page, lambda: day.fill((ends + timedelta(days=6)).isoformat()))
    expect(popup.locator(".quote-due")).to_contain_text("20")
    say(page, words.yes_move, words.is_moved)
    assert (buyer.terms[-1][1], buyer.charged) == (ends + timedelta(days=6), ["20.00"])


def test_menus_offer_what_the_state_allows(visit: Visit, store: Shop) -> None:
    anna(store)
    page = visit(listed(store), user=store.person.user)
    menu = page.locator(".menu:popover-open")

    def offered() -> list[str]:
        at_rest(page)
        page.get_by_role("button", name=ENGLISH.actions).click()
        expect(menu.locator(".menu-item").first).to_be_focused()
        found = [text.strip() for text in menu.locator(".menu-item").all_inner_texts()]
        press(page, "Escape")
        return [text for text in found if "Credentials" not in text and "Password" not in text]

    assert offered() == [
        "Open customer",
        "Extend",
        "Change Plan",
        "Change quantity",
        "Add add-on",
        "Rollback Plan",
        "Redeem coupon",
        "Move billing date",
        "Skip renewal",
        "Pause",
        "Set limits",
        "New subscription",
        "Send message",
        "Suspend account",
        "Cancel subscription",
        "Ban customer",
        "Erase personal data",
    ]
    popup = ask(page, ENGLISH, "Pause")
    preview(page, lambda: popup.locator("[name=when]").select_option(value="now"))
    say(page, "Yes, Pause", "is paused.")
    expect(page.locator(".badge").filter(has_text="Paused")).to_be_visible()
    assert offered() == [
        "Open customer",
        "Resume",
        "Set limits",
        "New subscription",
        "Send message",
        "Suspend account",
        "Cancel subscription",
        "Ban customer",
        "Erase personal data",
    ]
