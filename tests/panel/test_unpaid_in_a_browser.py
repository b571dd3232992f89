"""Reactivating what is blocked for nonpayment: the payment, an extension or a waiver, each with what it costs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from billing.gateway.registry import gateway_named
from billing.methods.services import add_method
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from tests.actions.selling import Buyer, Shop
from tests.browser import PHONE, Theme, scrolls_sideways, serious_findings
from tests.panel.conftest import Visit
from tests.panel.lifecycle_acting import anna_in_arrears, ask, listed, say, store
from tests.panel.lifecycle_words import ENGLISH, LANGUAGES, Words
from tests.people import Team

__all__ = ["store"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def new_card(buyer: Buyer) -> None:
    world = buyer.shop.world
    with tenant(world.id):
        facts = gateway_named("sandbox").describe_method(world.id, "sandbox_ok")
        add_method(
            buyer.customer, gateway="sandbox", ref="sandbox_ok", facts=facts, actor=world.system, now=buyer.shop.now
        )


@LANGUAGES
def test_what_is_owed_is_forgiven(visit: Visit, store: Shop, words: Words, theme: Theme) -> None:
    buyer = anna_in_arrears(store, days=9)
    assert buyer.row().access == "blocked"
    page = visit(listed(store), user=store.person.user, theme=theme, language=words.language, width=PHONE)
    popup = ask(page, words, words.reactivate)
    for way in (words.take, words.record, words.extend, words.waive):
        expect(popup.get_by_role("link", name=way, exact=True)).to_be_visible()
    assert serious_findings(page) == []
    assert not scrolls_sideways(page)
    popup.get_by_role("link", name=words.waive, exact=True).click()
    expect(popup.get_by_label(words.note)).to_be_focused()
    expect(popup.locator(".quote")).to_contain_text(words.opens)
    popup.get_by_label(words.note).fill("we were at fault")
    say(page, words.yes_waive, words.is_waived)
    assert (buyer.row().access, buyer.row().collection) == ("open", "current")


@LANGUAGES
def test_it_is_extended_from_there(visit: Visit, store: Shop, words: Words, theme: Theme) -> None:
    buyer = anna_in_arrears(store, days=9)
    page = visit(listed(store), user=store.person.user, theme=theme, language=words.language)
    popup = ask(page, words, words.reactivate)
    popup.get_by_role("link", name=words.extend, exact=True).click()
    expect(popup.locator(".quote")).to_contain_text(words.opens)
    popup.get_by_label(words.note).fill("the bank was closed")
    say(page, words.yes_extend, words.is_extended)
    assert (buyer.row().access, buyer.charged) == ("open", [])


@LANGUAGES
def test_the_payment_is_taken_from_there(visit: Visit, store: Shop, words: Words, theme: Theme) -> None:
    buyer = anna_in_arrears(store, days=9)
    new_card(buyer)
    page = visit(listed(store), user=store.person.user, theme=theme, language=words.language)
    popup = ask(page, words, words.reactivate)
    popup.get_by_role("link", name=words.take, exact=True).click()
    popup.get_by_role("button", name=words.yes_charge).click()
    expect(page.locator(".toast")).to_be_visible()
    store.world.drain("charges", "outbox", "provisioning", now=system_now())
    assert (buyer.row().access, buyer.charged) == ("open", ["100.00"])


def test_support_is_told_whom_to_ask(visit: Visit, store: Shop, team: Team) -> None:
    anna_in_arrears(store, days=9)
    page = visit(listed(store), user=team[Role.SUPPORT].user)
    popup = ask(page, ENGLISH, "Reactivate")
    expect(popup).to_contain_text("Ask somebody of your team who looks after payments.")
    expect(popup.get_by_role("link", name="Waive")).to_have_count(0)
