"""The guide of *Extend Subscription*: Actions, Extend, for how long, a note, *Yes, Extend*; or paid from outside."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.actions.selling import Shop
from tests.at_rest import press, tab_to
from tests.browser import PHONE, Theme, preview
from tests.panel.acting import choose_by_keys, walk_to
from tests.panel.conftest import Visit
from tests.panel.lifecycle_acting import anna, anna_in_arrears, ask, listed, say, store
from tests.panel.lifecycle_words import ENGLISH, LANGUAGES, Words

__all__ = ["store"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@LANGUAGES
def test_a_subscription_is_extended_by_days(visit: Visit, store: Shop, words: Words, theme: Theme) -> None:
    buyer = anna(store)
    ends = buyer.terms[-1][1]
    page = visit(listed(store), user=store.person.user, theme=theme, language=words.language)
    popup = ask(page, words, words.extend)
    expect(popup.get_by_label(words.extend_by)).to_be_focused()
    expect(popup.get_by_label(words.number_of_days)).to_be_hidden()
    popup.get_by_label(words.extend_by).select_option(value="days")
    popup.get_by_label(words.number_of_days).fill("10")
    preview(page, lambda: popup.get_by_label(words.note).fill("as agreed"))
    say(page, words.yes_extend, words.is_extended)
    assert (buyer.terms[-1][1], buyer.invoices) == (ends + timedelta(days=10), [])


@LANGUAGES
def test_money_from_outside_is_recorded_with_it(visit: Visit, store: Shop, words: Words, theme: Theme) -> None:
    buyer = anna_in_arrears(store, days=2)
    page = visit(listed(store), user=store.person.user, theme=theme, language=words.language, width=PHONE)
    popup = ask(page, words, words.extend)
    popup.get_by_label(words.note).fill("paid at the counter")
    popup.get_by_label(words.extend_by).select_option(value="days")
    preview(page, lambda: popup.get_by_label(words.number_of_days).fill("30"))
    preview(page, lambda: popup.get_by_label(words.received).check())
    expect(popup.get_by_label(words.amount)).to_have_value("100,00" if words.language == "de" else "100.00")
    say(page, words.yes_extend, words.is_extended)
    assert (buyer.invoices, buyer.row().collection) == ([("paid", "100.00")], "current")


def test_by_keyboard_alone(visit: Visit, store: Shop) -> None:
    buyer = anna(store)
    ends = buyer.terms[-1][1]
    page = visit(listed(store), user=store.person.user)
    page.get_by_role("button", name=ENGLISH.actions).focus()
    press(page, "Enter")
    expect(page.get_by_role("link", name="Open customer")).to_be_focused()
    walk_to(page, "Extend")
    press(page, "Enter")
    popup = page.locator("#popup")
    expect(popup.get_by_label("Extend by")).to_be_focused()
    choose_by_keys(popup.get_by_label("Extend by"), "Days")
    press(page, "Tab")
    page.keyboard.type("7")
    press(page, "Tab")
    page.keyboard.type("as agreed")
    tab_to(popup.get_by_role("button", name="Yes, Extend"))
    expect(popup.locator(".quote")).to_contain_text("nothing is charged for the time until then")
    press(page, "Enter")
    expect(page.locator(".toast")).to_contain_text("is extended until")
    assert buyer.terms[-1][1] == ends + timedelta(days=7)


def test_a_missing_note_is_named_and_gets_the_focus(visit: Visit, store: Shop) -> None:
    anna(store)
    page = visit(listed(store), user=store.person.user)
    popup = ask(page, ENGLISH, "Extend")
    popup.get_by_role("button", name="Yes, Extend").click()
    expect(popup.get_by_text("Note: Give a note of at most 500 letters; your team reads it.")).to_be_visible()
    expect(popup.get_by_label("Note")).to_be_focused()
