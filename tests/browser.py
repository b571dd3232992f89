"""The system's Chromium, driven by Playwright, and what every page must hold in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
import time_machine
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.core.cache import cache
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.at_rest import at_rest, impatient, teach, watch
from tests.served import Server, answers_nobody

Theme = Literal["light", "dark"]
DESK, PHONE = 1440, 360
HEIGHTS = {DESK: 900, PHONE: 740}
# Of every test in a browser. Hours from midnight, weeks from where clocks or years change, in the middle of a month:
# whoever counts days back from the real now gets another number for an hour of many an evening.
DAY = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
# What a headless window needs not have: suggestions below its address bar, which nobody sees and which two processes
# of each window draw. Chromium heeds this switch once, so what Playwright turns off by it is turned off here, too.
OFF = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxAimPopup",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
# No sandbox, because tests may run as root; nothing that calls home, because they may run without a network.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(OFF)}",
)


def pytest_configure() -> None:
    LiveServerThread.server_class = Server


def chromium() -> str | None:
    """Where the browser is, or None where there is none."""
    return next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)


@contextmanager
def launched(executable: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        teach(playwright)
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for the whole run; whoever visits has a context of its own in it."""
    executable = chromium()
    if executable is None:
        pytest.skip("no Chromium on this machine: install it to run the browser tests")
    built = Path(settings.STATICFILES_DIRS[0]) / "app.css"
    if not built.exists():
        pytest.skip("the assets are not built: run `make assets`")
    # Playwright keeps an event loop in this thread, and Django then refuses the database without this.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with launched(executable) as started:
        yield started


@pytest.fixture(autouse=True)
def plain_day(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test in a browser takes place on one day, and finds nothing that another one has left in the cache."""
    if "browser" not in request.fixturenames:
        yield
        return
    cache.clear()
    with time_machine.travel(DAY, tick=True):
        yield


def context(browser: Browser, url: str, *, theme: Theme = "light", width: int = DESK) -> BrowserContext:
    """A fresh visitor who has chosen a theme."""
    made = browser.new_context(base_url=url, viewport={"width": width, "height": HEIGHTS[width]})
    made.add_cookies([{"name": "theme", "value": theme, "url": url}])
    watch(made)
    return made


@contextmanager
def visitor(
    browser: Browser, live_server: LiveServer, *, theme: Theme = "light", width: int = DESK
) -> Iterator[BrowserContext]:
    """One of the live server's, which has answered all that was asked for when the visitor is gone."""
    made = context(browser, live_server.url, theme=theme, width=width)
    try:
        yield made
    finally:
        made.close()
        answers_nobody(live_server)


# What was found and is serious, each with the first element it concerns; null where axe is not in the page yet.
FINDINGS = """(options) => window.axe ? axe.run(options).then(({violations}) =>
  violations.filter(({impact}) => impact === "serious" || impact === "critical")
    .map(({id, help, nodes}) => `${id}: ${help}: ${nodes[0].html.slice(0, 160)}`)
) : null"""


def serious_findings(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
    """What axe finds serious or critical, each with the first element it concerns; empty on a good page.

    `rules` are those that are asked; else all of them.
    """
    at_rest(page)
    only = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    options = {"resultTypes": ["violations"], **only}
    found: list[str] | None = page.evaluate(FINDINGS, options)
    if found is None:
        page.evaluate(AXE_SCRIPT)
        found = page.evaluate(FINDINGS, options)
    assert found is not None
    return found


@contextmanager
def another_page(page: Page) -> Iterator[None]:
    """What is done inside leads to another page; afterwards that one is there, no longer the one that was left."""
    with page.expect_navigation():
        yield


def asks_for_preview(url: str) -> bool:
    return "?preview" in url


def preview(page: Page, act: Callable[[], object]) -> None:
    """Does it, and waits until the popup shows what would happen now."""
    at_rest(page)
    with page.expect_response(lambda answer: asks_for_preview(answer.url)):
        act()
    at_rest(page)


@contextmanager
def previews_held(page: Page) -> Iterator[None]:
    """The previews that are asked for inside are answered afterwards, and what is done inside waits for none."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    at_rest(page)
    page.route(asks_for_preview, hold)
    with impatient(page):
        yield
        for route in held:
            route.continue_()
        page.unroute(asks_for_preview)


def look(page: Page, *, theme: Theme, width: int) -> None:
    """The page that is open, in another theme and at another width."""
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    page.wait_for_function("width => window.innerWidth === width", arg=width)
    page.evaluate("theme => document.documentElement.dataset.bsTheme = theme", theme)


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than its window."""
    at_rest(page)
    wider: bool = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return wider


# What htmx reports when a page is left while something of it is still on its way, which every visitor does.
LEFT_ON_ITS_WAY = "htmx:afterRequest", "htmx:sendAbort"


@contextmanager
def no_complaints(page: Page) -> Iterator[None]:
    """Fails when the page's script raises, or the browser reports an error such as a broken content policy.

    What is said until the page is at rest counts.
    """
    complaints: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        if said.type != "error":
            return
        complaints.append(said.text)
        if tuple(text.partition(",")[0] for text in complaints[-2:]) == LEFT_ON_ITS_WAY:
            del complaints[-2:]

    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", hear)
    yield
    at_rest(page)
    assert complaints == [], complaints
