"""The system's Chromium, driven by Playwright, and what every page must hold in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

Theme = Literal["light", "dark"]
DESK, PHONE = 1440, 360
HEIGHTS = {DESK: 900, PHONE: 740}
# No sandbox, because tests may run as root; nothing that calls home, because they may run without a network.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """Where the browser is, or None where there is none."""
    return next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)


@contextmanager
def launched(executable: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield browser
        browser.close()


def context(browser: Browser, url: str, *, theme: Theme = "light", width: int = DESK) -> BrowserContext:
    """A fresh visitor who has chosen a theme."""
    made = browser.new_context(base_url=url, viewport={"width": width, "height": HEIGHTS[width]})
    made.add_cookies([{"name": "theme", "value": theme, "url": url}])
    return made


def serious_findings(page: Page) -> list[str]:
    """What axe finds serious or critical, each with the first element it concerns; empty on a good page."""
    violations: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{found['id']}: {found['help']}: {found['nodes'][0]['html'][:160]}"
        for found in violations
        if found["impact"] in {"serious", "critical"}
    ]


# The part of a popup that asks for its preview, once the script has taken it up.
LISTENS = "() => { const part = document.querySelector('[hx-post*=preview]'); return part?.['htmx-internal-data']; }"


def preview(page: Page, act: Callable[[], object]) -> None:
    """Does it, and waits until the popup shows what would happen now."""
    page.wait_for_function(LISTENS)
    with page.expect_response(lambda answer: "?preview" in answer.url):
        act()


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than its window."""
    wider: bool = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return wider


@contextmanager
def no_complaints(page: Page) -> Iterator[None]:
    """Fails when the page's script raises, or the browser reports an error such as a broken content policy."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield
    assert complaints == [], complaints
