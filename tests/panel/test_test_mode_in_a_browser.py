"""A newcomer opens the test mode, begins an example, lets it live, and reads what happened."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import DESK, PHONE, Theme, no_complaints, scrolls_sideways, serious_findings
from tests.panel.conftest import Visit
from tests.people import make_team

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Several slices on a machine that others keep busy.
PATIENCE = 60_000


@pytest.mark.parametrize(("width", "theme"), [(DESK, "light"), (PHONE, "dark")])
def test_a_subscription_lives_through_two_years_and_is_read_as_a_story(visit: Visit, width: int, theme: Theme) -> None:
    team = make_team("eastwind")
    page = visit("/panel/eastwind/test-mode/", user=team.owner.user, width=width, theme=theme)
    with no_complaints(page):
        assert serious_findings(page) == []
        page.get_by_role("button", name="Open the test mode").click()
        expect(page).to_have_url(re.compile("/panel/eastwind-test/test-mode/$"))
        expect(page.get_by_text("Nothing here reaches a real customer.")).to_be_visible()

        page.get_by_role("link", name="Begin an example").click()
        popup = page.locator("#popup")
        popup.get_by_label("Card").select_option("sandbox_declines_on_renewal")
        assert serious_findings(page) == []
        popup.get_by_role("button", name="Begin the example").click()
        story = page.locator(".story")
        expect(story.get_by_text("Subscription created")).to_be_visible()
        page.get_by_role("button", name="24 months").click()
        expect(page.get_by_role("button", name="24 months")).to_be_visible(timeout=PATIENCE)
        for said in ("Paid with", "Charge 1 declined", "Grace begins", "Last warning", "Grace is over"):
            expect(story.get_by_text(said).first).to_be_visible()
        assert serious_findings(page) == []
        assert not scrolls_sideways(page)

        # It ended long ago: what is known of the customer is gone, and the books stay.
        story.locator("summary").first.click()
        expect(story.locator("details[open] .quote-mail-body")).to_contain_text("erased with the customer’s")
        story.get_by_role("link", name=re.compile("^INV-")).first.click()
        expect(page.locator(".page-header .badge").first).to_have_text("Paid")


def test_emptying_asks_for_the_name_and_shows_an_empty_story(visit: Visit) -> None:
    team = make_team("eastwind")
    page = visit("/panel/eastwind/test-mode/", user=team.owner.user)
    with no_complaints(page):
        page.get_by_role("button", name="Open the test mode").click()
        page.get_by_role("link", name="Begin an example").click()
        page.locator("#popup").get_by_role("button", name="Begin the example").click()
        story = page.locator(".story")
        expect(story.get_by_text("Customer created")).to_be_visible()
        page.get_by_role("button", name="1 month").click()
        expect(page.get_by_role("button", name="1 month")).to_be_visible(timeout=PATIENCE)
        story.locator("summary").first.click()
        expect(story.locator("details[open] .quote-mail-body")).to_contain_text("Hello")
        page.get_by_role("link", name="Reset the test data").click()
        popup = page.locator("#popup")
        popup.get_by_label("Short name of the test mode").fill("eastwind-test")
        popup.get_by_role("button", name="Yes, Delete the test data").click()
        expect(page.get_by_text("Nothing has happened yet")).to_be_visible()
