"""`make screenshots`: every page of the running demo, wide and narrow, light and dark, into screenshots/.

It signs in at the address that --url names, as the person that --email and --password name; for the component page
that has to be an operator.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page

from tests.panel import pages
from tests.panel.browser import DESK, PHONE, Theme, chromium, context, launched

FOLDER = Path(__file__).resolve().parent.parent / "screenshots"
THEMES: tuple[Theme, ...] = ("light", "dark")


def main() -> int:
    asked = _arguments()
    executable = chromium()
    if executable is None:
        return _refuse("No Chromium on this machine.")
    if not _answers(asked.url):
        return _refuse(f"Nothing answers at {asked.url}: start `make demo` first.")
    FOLDER.mkdir(exist_ok=True)
    with launched(executable) as browser:
        for theme in THEMES:
            for width in (DESK, PHONE):
                _shoot(browser, asked, theme, width)
    sys.stdout.write(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.name}/\n")
    return 0


def _shoot(browser: Browser, asked: argparse.Namespace, theme: Theme, width: int) -> None:
    visitor = context(browser, asked.url, theme=theme, width=width)
    page = visitor.new_page()
    for name, path in pages.OUTSIDE.items():
        _picture(page, asked.url, path, f"{name}-{width}-{theme}")
    page.goto(f"{asked.url}/accounts/login/")
    page.fill("[name=login]", asked.email)
    page.fill("[name=password]", asked.password)
    page.click("main [type=submit]")
    for name, path in (pages.ACCOUNT | pages.OPERATOR).items():
        _picture(page, asked.url, path, f"{name}-{width}-{theme}")
    visitor.close()


def _picture(page: Page, url: str, path: str, name: str) -> None:
    page.goto(f"{url}{path}")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True)


def _answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/accounts/login/", timeout=5) as answer:  # noqa: S310 the address is the caller's own
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--email", required=True)
    parser.add_argument("--password", required=True)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
