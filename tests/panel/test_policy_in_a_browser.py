"""The policy with mouse and keyboard: the preview follows what is typed, and what is saved stands there again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from partnerpanel.kernel.ids import public
from tests.browser import DESK, PHONE, no_complaints, preview, scrolls_sideways, serious_findings
from tests.panel.conftest import Visit
from tests.panel.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("theme", "width", "language"), [("light", DESK, "en"), ("dark", PHONE, "de")])
def test_an_edit_is_seen_before_it_is_saved(visit: Visit, shop: Shop, theme: str, width: int, language: str) -> None:
    words = {
        "en": ("Days until the deadline", "The deadline is 10 days after", "Save policy", "Set here"),
        "de": ("Tage bis zum Stichtag", "10 Tage nach", "Regeln speichern", "Hier festgelegt"),
    }[language]
    page = visit(shop.url("settings/policy/"), user=shop.owner, theme=theme, width=width, language=language)
    assert serious_findings(page) == []
    assert not scrolls_sideways(page)
    with no_complaints(page):
        preview(page, lambda: page.get_by_label(words[0], exact=True).fill("10"))
        expect(page.locator("#policy-preview .will")).to_contain_text(words[1])
        assert serious_findings(page) == []
        assert not scrolls_sideways(page)
        page.get_by_role("button", name=words[2]).click()
        expect(page.locator(".is-own")).to_contain_text(words[3])
        expect(page.get_by_label(words[0], exact=True)).to_have_value("10")
        assert serious_findings(page) == []
        assert not scrolls_sideways(page)


def test_a_customers_policy_is_reached_from_the_customers_page(visit: Visit, shop: Shop) -> None:
    page = visit(shop.url(f"customers/{public('cus', shop.anna)}/"), user=shop.owner)
    page.locator("#account").get_by_role("link", name="What holds for this customer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Policy of Anna Alder")
    assert serious_findings(page) == []
