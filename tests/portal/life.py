"""A customer's life with a plan, as it is lived in a browser: every step ends with what the customer then sees."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from partnerpanel.tenancy.scope import tenant
from subscriptions.models import ServiceAccount
from subscriptions.provisioning.internal import may_log_in
from tests.browser import scrolls_sideways
from tests.portal.installations import Installation

# What our page and that behind the gateway's say of a card.
PAID = re.compile("Paid. Thank you|charged to it")
KEPT = re.compile("is kept")
NAME, ADDRESS = "Anna's Bakery", "anna@bakery.example"


@dataclass
class Life:
    """One customer in one browser."""

    page: Page
    where: Installation

    def buys(self, key: str, *, says: str) -> None:
        """At the plan's page, which says what it costs, with a card that pays."""
        self.page.goto(f"{self.where.at}buy/{key}/")
        self.sees(says)
        self.page.get_by_label("Name").fill(NAME)
        self.page.get_by_label("E-mail").fill(ADDRESS)
        self._presses("Go on")
        self.where.proves_address(self.page)
        self.sees(says)
        self._presses("Order and go on to pay")
        self.where.desk.takes(self.page, self.where.desk.good)
        expect(self.page.get_by_role("heading", name="Thank you.")).to_be_visible()
        self.where.works()

    def comes_back(self, section: str = "") -> None:
        """Signs in, unless the browser is signed in still, and opens a page of its own."""
        self.page.goto(self.where.at)
        if self.page.get_by_role("heading", name="Sign in").count():
            self.where.lets_in(self.page, ADDRESS)
        expect(self.page.get_by_role("heading", name=NAME)).to_be_visible()
        self.opens(section)

    def opens(self, section: str) -> None:
        """One of the places of the navigation; the overview where none is named."""
        if section:
            self.page.get_by_role("navigation").get_by_role("link", name=section, exact=True).click()
            expect(self.page.get_by_role("heading", level=1)).to_contain_text(section)
        assert not scrolls_sideways(self.page), self.page.url

    def sees(self, *texts: str) -> None:
        """Each stands on the page that is open."""
        for text in texts:
            expect(self._main).to_contain_text(text)

    def misses(self, *texts: str) -> None:
        """None does."""
        for text in texts:
            expect(self._main).not_to_contain_text(text)

    def reads(self, kind: str, says: str) -> str:
        """The newest mail of this kind, which says so."""
        text = self.where.told(kind)[-1].body
        assert says in text, text
        return text

    def is_shown_the_login(self) -> None:
        """By the way that was mailed: the user name under which the service knows it, and a password."""
        text, world = self.where.shows_credentials(self.page), self.where.world
        password = re.split(r"Password\s+", text)[1].split()[0]
        with tenant(world.id):
            login = ServiceAccount.objects.for_partner(world.id).get()
            assert may_log_in(world.id, login.username, password)
        assert login.username in text

    def changes_plan(self, choice: str, *, says: tuple[str, ...]) -> None:
        """Looks at the quote, which says all of this, and confirms it."""
        self.opens("Plan")
        self._follows("Change the plan")
        self._follows(choice)
        self.sees(*says)
        self._presses("Yes, Change the plan")
        self.hears("Done. Your plan shows it below.")
        self.where.works()

    def gives_card(self, card: str, *, says: str = "Nothing is charged now.") -> None:
        """In the place of the one that is charged; the page says what is charged to it at once."""
        self.opens("Payment")
        self._follows("Replace the card")
        self.sees(says)
        self.where.desk.takes(self.page, card)
        expect(self.page.get_by_text(PAID if says.startswith("€") else KEPT)).to_be_visible()
        self.where.works()

    def cancels_anyway(self, *, offered: str, says: str) -> None:
        """Two clicks from the overview lead to it; why is not said, one offer is passed by, and the third screen ends
        it."""
        self.opens("Plan")
        self._follows("Cancel the plan")
        expect(self.page.get_by_label("I would rather not say")).to_be_checked()
        self._presses("Go on")
        self.sees(offered)
        self._presses("Cancel anyway")
        self.sees(says)
        self._presses("Yes, Cancel")
        self.hears("It is cancelled.")
        self.where.works()

    def stays(self, link: str, *, says: str) -> None:
        """Follows the link of the mail, and takes what it offers."""
        self.page.goto(link)
        if self.page.get_by_role("heading", name="Sign in").count():
            self.where.lets_in(self.page, ADDRESS)
            self.page.goto(link)
        self.sees(says)
        self._presses("Yes, Keep my plan")
        self.hears("What was offered is yours")
        self.where.works()

    def hears(self, text: str) -> None:
        """What was done is said on top."""
        expect(self.page.get_by_role("status")).to_contain_text(text)
        assert not scrolls_sideways(self.page), self.page.url

    @property
    def _main(self) -> Locator:
        return self.page.get_by_role("main")

    def _presses(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def _follows(self, link: str) -> None:
        self.page.get_by_role("link", name=link, exact=True).click()
