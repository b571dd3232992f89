"""When a page is at rest: it is here whole, has asked for nothing, has nothing to ask for soon, and nothing moves.

What Playwright does to a watched page, and what is expected of it, waits by itself until the page is not busy: until
the one that a click leads to is here, and what htmx asked for is in its place and taken up. What merely looks
(`evaluate`, `count`, `inner_text`, `input_value`, a row in the database) waits for nothing, and neither does a key:
`at_rest` comes before the one, and `press` is for the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, Download, Locator, Page, Playwright, expect

# A machine under load compiles templates for the first page as slowly as this, in milliseconds.
PATIENCE = 30_000

# Finds something while the page is busy, so that whatever waits for elements can wait for this. What is found belongs
# to no window, which Playwright takes for visible, since a page that begins to come has nothing that could be seen.
#
# A page is left from the click or the submission on, long before the next one is here; a trigger of htmx with a delay
# is due until it has come to a request. Pages are watched from the first time on that something is done to them. No
# script of this runs in their frames, where a policy may forbid it.
ENGINE = """(() => {
  const data = (part) => part["htmx-internal-data"] ?? {};
  const delayed = () => [...document.querySelectorAll("[hx-trigger*='delay:']")];
  const sign = () => document.implementation.createHTMLDocument("busy").body;
  const isMoving = (one) => one.playState === "running" && one.effect.getComputedTiming().endTime !== Infinity;

  function watch() {
    let asked = 0, isLeft = false;
    const triggered = new WeakMap(delayed().map((part) => [part, data(part).delayed]));
    const isDue = (part) => part.getAttribute("hx-trigger").startsWith("load delay:")
      ? !data(part).loaded
      : data(part).delayed && data(part).delayed !== triggered.get(part);
    const begin = () => { asked += 1; };
    const end = () => { asked -= 1; };

    addEventListener("htmx:trigger", ({target}) => triggered.set(target, data(target).delayed));
    addEventListener("beforeunload", () => { isLeft = true; });
    addEventListener("pageshow", () => { isLeft = false; });
    addEventListener("submit", (e) => {
      const leads = e.target.method !== "dialog" && ["", "_self"].includes(e.target.target);
      isLeft ||= leads && !e.defaultPrevented;
    });
    const {send} = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.send = function (...body) {
      begin();
      this.addEventListener("loadend", end);
      return send.apply(this, body);
    };
    const {fetch} = window;
    window.fetch = (...request) => {
      begin();
      return fetch(...request).finally(end);
    };

    const isBusyNow = () => isLeft || asked > 0 || document.readyState !== "complete"
      || document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling") !== null;
    const isBusySoon = () => document.fonts.status === "loading" || delayed().some(isDue)
      || document.getAnimations().some(isMoving);
    return {
      isBusy: (when) => isBusyNow() || (when === "soon" && isBusySoon()),
      stays: () => { isLeft = false; },
    };
  }

  return {
    queryAll(root, when) { return (window.watched ??= watch()).isBusy(when) ? [sign()] : []; },
    query(root, when) { return this.queryAll(root, when)[0]; },
  };
})()"""


def teach(playwright: Playwright) -> None:
    """Playwright knows `busy=now` and `busy=soon` from here on."""
    playwright.selectors.register("busy", script=ENGINE)
    expect.set_options(timeout=PATIENCE)


def watch(context: BrowserContext) -> None:
    """Its pages are watched, those that are opened in it later too."""
    context.set_default_timeout(PATIENCE)
    context.on("page", _opened)


def at_rest(page: Page) -> None:
    """Waits for it; raises TimeoutError where it never comes."""
    page.locator("busy=soon").wait_for(state="detached")


def asks(page: Page) -> None:
    """Waits until it has asked for something that is not here yet."""
    page.wait_for_function("() => watched.isBusy('now')")


def press(page: Page, *keys: str) -> None:
    """One after the other, each when the page has done what the one before it led to."""
    for key in keys:
        at_rest(page)
        page.keyboard.press(key)


def tab_to(target: Locator, *, within: int = 40) -> None:
    """Presses Tab until it has the focus."""
    for _ in range(within):
        at_rest(target.page)
        if target.evaluate("one => one === document.activeElement"):
            return
        target.page.keyboard.press("Tab")
    expect(target).to_be_focused()


@contextmanager
def impatient(page: Page) -> Iterator[None]:
    """Nothing is waited for inside: as somebody acts who does not look."""
    page.remove_locator_handler(_busy(page))
    try:
        yield
    finally:
        _waits(page)


def _opened(page: Page) -> None:
    _waits(page)
    page.on("download", _stays)


def _waits(page: Page) -> None:
    page.add_locator_handler(_busy(page), lambda: None)


def _stays(download: Download) -> None:
    """What a page is left for was no page, but a file."""
    download.page.evaluate("window.watched?.stays()")


def _busy(page: Page) -> Locator:
    return page.locator("busy=now")
