"""A browser with the owner of the large partner signed in: what is measured is all that a request costs.

It calls the application as a server does; the test client would copy every template's context for the test to look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from django.urls import reverse

from tests.benchmarks.crowd import Crowd


@dataclass(frozen=True, slots=True)
class Browser:
    """Asks for pages and looks that they came."""

    application: WSGIHandler
    cookies: str
    slug: str

    def customers(self, **query: str) -> str:
        """The customers' list with these parts in its address."""
        return self._page(f"{reverse('customers', args=[self.slug])}?{urlencode(query)}")

    def customer(self, public_id: str) -> str:
        """One customer's page."""
        return self._page(reverse("customer", args=[self.slug, public_id]))

    def _page(self, path: str) -> str:
        environ = RequestFactory(HTTP_COOKIE=self.cookies).get(path).environ
        answers: list[str] = []

        def start_response(status: str, *_: Any) -> Any:
            answers.append(status)

        body = self.application(environ, start_response)
        assert answers == ["200 OK"]
        page = b"".join(body).decode()
        body.close()
        return page


def browser_of(crowd: Crowd) -> Browser:
    """Warmed up: templates read, catalogues loaded, connection open."""
    cookies = crowd.owner.client().cookies
    header = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
    browser = Browser(WSGIHandler(), header, crowd.big.slug)
    for _ in range(5):
        browser.customers()
    return browser
