"""Every page, wide and narrow, light and dark: readable for everybody, no sideways scrolling, no complaint."""

from __future__ import annotations

import pytest

from partnerpanel.tenancy.models import User
from tests.panel import pages
from tests.panel.browser import DESK, PHONE, Theme, scrolls_sideways, serious_findings
from tests.panel.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

in_both_themes = pytest.mark.parametrize("theme", ["light", "dark"])
at_both_widths = pytest.mark.parametrize("width", [DESK, PHONE])


@in_both_themes
@at_both_widths
def test_pages_before_sign_in_hold_what_every_page_must(visit: Visit, theme: Theme, width: int) -> None:
    for path in pages.OUTSIDE.values():
        page = visit(path, theme=theme, width=width)
        assert serious_findings(page) == []
        assert not scrolls_sideways(page)


@in_both_themes
@at_both_widths
def test_pages_about_oneself_hold_what_every_page_must(visit: Visit, operator: User, theme: Theme, width: int) -> None:
    for path in pages.ACCOUNT.values():
        page = visit(path, user=operator, theme=theme, width=width)
        assert serious_findings(page) == []
        assert not scrolls_sideways(page)


@in_both_themes
@at_both_widths
def test_every_component_holds_what_every_page_must(visit: Visit, operator: User, theme: Theme, width: int) -> None:
    page = visit("/panel/components/", user=operator, theme=theme, width=width)
    assert serious_findings(page) == []
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="Popup", exact=True).click()
    assert serious_findings(page) == []
