"""The guide of *Cancel*: Actions, Cancel subscription, when, why, *Yes, Cancel*; and *Keep* until the end."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.actions.selling import Shop
from tests.browser import PHONE, Theme, preview
from tests.panel.conftest import Visit
from tests.panel.lifecycle_acting import anna, ask, listed, say, store
from tests.panel.lifecycle_words import LANGUAGES, Words

__all__ = ["store"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@LANGUAGES
def test_it_is_cancelled_with_its_period_and_kept_after_all(
    visit: Visit, store: Shop, words: Words, theme: Theme
) -> None:
    buyer = anna(store)
    page = visit(listed(store), user=store.person.user, theme=theme, language=words.language, width=PHONE)
    popup = ask(page, words, words.cancel)
    expect(popup.get_by_label(words.when)).to_be_focused()
    expect(popup.get_by_label(words.when)).to_have_value("period_end")
    preview(page, lambda: popup.get_by_label(words.reason).select_option(label=words.reasons))
    say(page, words.yes_cancel, words.ends_on)
    assert buyer.row().cancel_at_period_end

    expect(page.locator(".badge").filter(has_text=words.cancelling)).to_be_visible()
    ask(page, words, words.keep)
    say(page, words.yes_keep, words.goes_on)
    assert not buyer.row().cancel_at_period_end


@LANGUAGES
def test_it_ends_now_and_the_unused_days_are_given_back(visit: Visit, store: Shop, words: Words, theme: Theme) -> None:
    buyer = anna(store)
    page = visit(listed(store), user=store.person.user, theme=theme, language=words.language)
    popup = ask(page, words, words.cancel)
    preview(page, lambda: popup.get_by_label(words.reason).select_option(label=words.reasons))
    expect(popup.get_by_label(words.credit)).to_be_hidden()
    preview(page, lambda: popup.get_by_label(words.when).select_option(value="now"))
    preview(page, lambda: popup.get_by_label(words.credit).check())
    expect(popup.locator(".quote-lines")).to_contain_text("60")
    say(page, words.yes_cancel, words.has_ended)
    assert (buyer.row().lifecycle, buyer.balance) == ("ended", "60.00")


def test_a_missing_reason_is_named_and_gets_the_focus(visit: Visit, store: Shop) -> None:
    buyer = anna(store)
    page = visit(listed(store), user=store.person.user)
    page.get_by_role("button", name="Actions for Anna Alder").click()
    page.get_by_role("link", name="Cancel subscription").click()
    popup = page.locator("#popup")
    popup.get_by_role("button", name="Yes, Cancel").click()
    expect(popup.get_by_text("Reason: Choose a reason.")).to_be_visible()
    expect(popup.get_by_label("Reason")).to_be_focused()
    popup.get_by_role("button", name="Go back").click()
    expect(popup).to_be_hidden()
    assert buyer.row().lifecycle == "active"
