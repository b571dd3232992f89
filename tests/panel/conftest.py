"""Visitors of one live server, each in a browser of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from partnerpanel.tenancy.models import User
from tests import browser as browsers
from tests.browser import DESK, Theme
from tests.panel.shop import Shop, open_shop
from tests.people import Team
from tests.served import answers_nobody

Visit = Callable[..., Page]


@pytest.fixture
def operator(transactional_db: None) -> User:
    return User.objects.create_user(
        "operator@example.com", "correct horse battery", name="Otto Operator", is_staff=True
    )


@pytest.fixture
def shop(transactional_db: None, team: Team) -> Shop:
    return open_shop(team)


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Visit]:
    """Opens `path` as `user` (or as nobody) in a theme, at a width, in a language.

    A complaint of the browser while the page loads fails the test. Further paths are opened in the same page by
    `page.goto(path)`.
    """
    leaving = ExitStack()
    leaving.callback(answers_nobody, live_server)

    def open_page(
        path: str,
        *,
        user: User | None = None,
        theme: Theme = "light",
        width: int = DESK,
        language: str = "en",
    ) -> Page:
        context = browsers.context(browser, live_server.url, theme=theme, width=width)
        leaving.callback(context.close)
        context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}])
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        with browsers.no_complaints(page):
            response = page.goto(path)
        assert response is not None
        assert response.ok, f"{path} answered {response.status}"
        return page

    with leaving:
        yield open_page
