"""A page is at rest when nothing of it is on its way; a server, when it answers nobody."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import django_htmx
import pytest
from django.core.servers.basehttp import WSGIRequestHandler
from playwright.sync_api import Browser, Page, Route, expect

from tests.at_rest import asks, at_rest, press, tab_to
from tests.browser import context, scrolls_sideways
from tests.served import Server

pytestmark = pytest.mark.browser

AT = "http://pages.example"
HTMX = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.js"
FIRST = """<!doctype html><title>First</title><h1>First</h1>
<style>@keyframes come { from { opacity: 0; } } @keyframes turn { to { rotate: 1turn; } }
  .comes { animation: come 0.3s; } .turns { animation: turn 0.1s infinite; }</style>
<a href="/next/">Go</a> <a href="/file/">Fetch</a>
<form method="post" action="/next/"><button>Send</button></form>
<button onclick="location.reload()">Again</button>
<button onclick="this.className = 'comes'">Come</button>
<p id="part">Old</p><input aria-label="Field" hx-get="/part/" hx-trigger="input delay:200ms" hx-target="#part">
<button hx-get="/part/" hx-target="#part">Ask</button>"""
ANSWERS = {"/": FIRST, "/next/": "<title>Next</title><h1>Next</h1>", "/part/": "New", "/file/": "a,b"}


class Pages:
    """Answers, but not what is held."""

    def __init__(self) -> None:
        self.held: list[Route] = []
        self.holds: set[str] = set()

    def answer(self, route: Route) -> None:
        if route.request.url.removeprefix(AT) in self.holds:
            self.held.append(route)
        else:
            _fulfill(route)

    def go_on(self) -> None:
        """All of them are answered, those that come later too."""
        self.holds.clear()
        for route in self.held:
            _fulfill(route)


def _fulfill(route: Route) -> None:
    path = route.request.url.removeprefix(AT)
    headers = {"Content-Disposition": "attachment; filename=a.csv"} if path == "/file/" else {}
    route.fulfill(body=ANSWERS.get(path, ""), content_type="text/html", headers=headers)


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
def page(browser: Browser, pages: Pages) -> Iterator[Page]:
    made = context(browser, AT)
    made.route("**/*", pages.answer)
    page = made.new_page()
    page.goto("/")
    page.add_script_tag(path=HTMX)
    page.evaluate("htmx.process(document.body)")
    at_rest(page)
    yield page
    made.close()


def is_busy(page: Page, when: str) -> bool:
    return page.locator(f"busy={when}").count() == 1


@pytest.mark.parametrize("leave", ["document.links[0].click()", "document.forms[0].requestSubmit()"])
def test_a_page_that_is_left_is_busy_until_the_next_one_is_here(page: Page, pages: Pages, leave: str) -> None:
    pages.holds = {"/next/"}
    assert page.evaluate(f"{leave}; watched.isBusy('now')")
    pages.go_on()
    at_rest(page)
    assert page.title() == "Next"


def test_what_is_expected_waits_for_the_page_that_a_click_leads_to(page: Page) -> None:
    for _ in range(5):
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading")).to_be_visible()
        assert page.get_by_role("heading").inner_text() == "Next"
        page.goto("/")


def test_a_file_is_no_page(page: Page) -> None:
    with page.expect_download():
        page.get_by_role("link", name="Fetch").click()
    at_rest(page)
    page.get_by_role("link", name="Go").click()
    expect(page).to_have_title("Next")


def test_what_is_asked_for_is_waited_for_and_what_will_be(page: Page, pages: Pages) -> None:
    pages.holds = {"/part/"}
    page.get_by_label("Field").fill("a")
    assert not is_busy(page, "now")
    assert is_busy(page, "soon")
    asks(page)
    pages.go_on()
    at_rest(page)
    assert page.locator("#part").inner_text() == "New"


def test_a_delay_that_came_to_nothing_else_is_over(page: Page) -> None:
    for text in "ab":
        page.get_by_label("Field").fill(text)
        at_rest(page)
    assert page.locator("#part").inner_text() == "New"


def test_a_key_comes_after_what_the_last_one_led_to(page: Page) -> None:
    tab_to(page.get_by_role("button", name="Ask"))
    press(page, "Enter", "Tab")
    assert page.locator("#part").inner_text() == "New"


def test_what_moves_comes_to_rest_and_what_turns_without_end_is_at_rest(page: Page) -> None:
    page.locator("#part").evaluate("one => { one.className = 'turns'; }")
    page.get_by_role("button", name="Come").click()
    assert is_busy(page, "soon")
    assert not scrolls_sideways(page)
    assert not is_busy(page, "soon")


def test_a_server_has_answered_when_who_went_away_is_answered_too() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def application(_environ: object, start_response: object) -> list[bytes]:
        begun.set()
        may_end.wait(30)
        start_response("200 OK", [])  # type: ignore[operator]
        return [b""]

    server = Server(("127.0.0.1", 0), WSGIRequestHandler)
    server.set_app(application)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    assert server.has_answered()
    with socket.create_connection(("127.0.0.1", server.server_port)) as visitor:
        visitor.sendall(b"GET / HTTP/1.0\r\n\r\n")
        begun.wait(30)
    looked = threading.Thread(target=server.has_answered)
    looked.start()
    looked.join(0.2)
    assert looked.is_alive()
    may_end.set()
    looked.join(30)
    assert not looked.is_alive()
    server.shutdown()
    serving.join()
    server.server_close()
