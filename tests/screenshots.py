"""`make screenshots`: every page of the demo, wide and narrow, light and dark, into screenshots/.

It looks at the demo that runs at --url, and starts one for as long as it takes where none does. It signs in as the
demo's owner, and as its operator for the component page.
"""

from __future__ import annotations

import argparse
import re
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from playwright.sync_api import Browser, Page

from tests.at_rest import at_rest
from tests.browser import DESK, PHONE, Theme, chromium, context, launched
from tests.panel import pages

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "screenshots"
THEMES: tuple[Theme, ...] = ("light", "dark")
PATIENCE = 120
# An endpoint of webhooks at a port where nobody listens.
NOBODY = "http://127.0.0.1:9/webhooks"
# As the demo prints them.
OWNER, OPERATOR, PASSWORD = "owner@northwind.example", "operator@partnerpanel.example", "reseller-demo-1"
# Where the panel's pages find the ids that they are about: the first link of its kind on another page, which may be
# about an id found before.
FIRST = {
    "active": ("customers/?tab=active", "/customers/(cus_[a-z0-9]+)/$"),
    "suspended": ("customers/?tab=suspended", "/customers/(cus_[a-z0-9]+)/$"),
    "product": ("products/", "/products/(prod_[a-z0-9]+)/$"),
    "credit_note": ("credit-notes/", "/credit-notes/(cn_[a-z0-9]+)/$"),
    "plan": ("products/", "/plans/(plan_[a-z0-9]+)/$"),
    "job": ("jobs/", "/jobs/(job_[a-z0-9]+)/$"),
    "paid_invoice": ("invoices/?tab=paid", "/invoices/(inv_[a-z0-9]+)/$"),
    "payment": ("invoices/{paid_invoice}/", "/payments/(pay_[a-z0-9]+)/refund/$"),
    "dispute": ("disputes/", "/disputes/(dp_[a-z0-9]+)/outcome/$"),
    "invoice": ("invoices/?tab=open", "/invoices/(inv_[a-z0-9]+)/$"),
    "draft": ("campaigns/", "/campaigns/(cmp_[a-z0-9]+)/$"),
    "campaign": ("campaigns/", "/campaigns/(cmp_[a-z0-9]+)/$"),
    "webhook": ("settings/webhooks/", "/settings/webhooks/(whe_[a-z0-9]+)/$"),
    "subscription": ("invoices/{invoice}/", "/subscriptions/(sub_[a-z0-9]+)/payment/$"),
}


def main() -> int:
    asked = _arguments()
    executable = chromium()
    if executable is None:
        return _refuse("No Chromium on this machine.")
    FOLDER.mkdir(exist_ok=True)
    with _demo(asked.url) as runs, launched(executable) as browser:
        if not runs:
            return _refuse(f"Nothing answers at {asked.url}, and a demo could not be started there.")
        for theme in THEMES:
            for width in (DESK, PHONE):
                _shoot(browser, asked, theme, width)
    sys.stdout.write(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.name}/\n")
    return 0


@contextmanager
def _demo(url: str) -> Iterator[bool]:
    """Whether one answers there; one that this started is stopped again."""
    if _answers(url):
        yield True
        return
    port = str(urlsplit(url).port or 80)
    demo = subprocess.Popen([sys.executable, "-m", "partnerpanel.embedded", "demo", "--port", port], cwd=ROOT)
    until = time.monotonic() + PATIENCE
    while demo.poll() is None and time.monotonic() < until and not _answers(url):
        time.sleep(0.5)
    try:
        yield demo.poll() is None and _answers(url)
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait()


def _shoot(browser: Browser, asked: argparse.Namespace, theme: Theme, width: int) -> None:
    visitor = context(browser, asked.url, theme=theme, width=width)
    page = visitor.new_page()
    _pictures(page, pages.OUTSIDE | pages.INBOX, theme, width)
    _sign_in(page, asked.email, asked.password)
    slug = urlsplit(page.url).path.split("/")[2]
    _endpoint(page, slug)
    _pictures(page, pages.panel(slug, _ids(page, slug)) | pages.ACCOUNT, theme, width)
    _popup(page, slug, theme, width)
    visitor.close()
    operator = context(browser, asked.url, theme=theme, width=width)
    page = operator.new_page()
    _sign_in(page, asked.operator, asked.password)
    _pictures(page, pages.OPERATOR, theme, width)
    operator.close()


def _sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.click("main [type=submit]")
    page.wait_for_url(lambda url: "/login/" not in url)


def _endpoint(page: Page, slug: str) -> None:
    """One that hears of a few events, where the demo has none yet, with a test event in its log; nobody answers it."""
    page.goto(f"/panel/{slug}/settings/webhooks/")
    if page.locator("main a", has_text=NOBODY).count():
        return
    page.goto(f"/panel/{slug}/settings/webhooks/new/")
    page.fill("[name=url]", NOBODY)
    page.fill("[name=description]", "Books")
    page.check("[name=hears][value=some]")
    page.evaluate("document.querySelectorAll('[name=events][value^=invoice]').forEach(box => { box.checked = true; })")
    page.click("main form [type=submit]:not([formaction])")
    at_rest(page)
    page.goto(f"/panel/{slug}/settings/webhooks/")
    page.locator("main a", has_text=NOBODY).first.click()
    page.get_by_role("button", name="Send test event").click()
    at_rest(page)


def _ids(page: Page, slug: str) -> dict[str, str]:
    """Those that the demo has; the pages of the others are left out."""
    found: dict[str, str] = defaultdict(lambda: "none")
    for name, (path, link) in FIRST.items():
        page.goto(f"/panel/{slug}/{path.format_map(found)}")
        links: list[str] = page.eval_on_selector_all("main a", "links => links.map(link => link.pathname)")
        ids = [match[1] for address in links if (match := re.search(link, address))]
        if ids:
            found[name] = ids[0]
    return dict(found)


def _pictures(page: Page, paths: dict[str, str], theme: Theme, width: int) -> None:
    for name, path in paths.items():
        page.goto(path)
        _picture(page, f"{name}-{width}-{theme}")


def _popup(page: Page, slug: str, theme: Theme, width: int) -> None:
    """The popup as most people meet it: above the list."""
    page.goto(f"/panel/{slug}/customers/?tab=active")
    page.locator(".cell-actions button").first.click()
    page.locator(".menu:popover-open .is-danger").click()
    page.locator("#popup .quote").wait_for()
    _picture(page, f"popup-{width}-{theme}", whole=False)


def _picture(page: Page, name: str, *, whole: bool = True) -> None:
    at_rest(page)
    page.screenshot(path=FOLDER / f"{name}.png", full_page=whole)


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
    parser.add_argument("--email", default=OWNER)
    parser.add_argument("--operator", default=OPERATOR)
    parser.add_argument("--password", default=PASSWORD)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
