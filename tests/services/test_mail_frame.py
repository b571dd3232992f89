"""The HTML around a mail's words: what lists show of it, what is a button, and what the sender's brand does to it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.mail import get_connection

from notifications.envelope import as_mail
from notifications.letters import Letter
from notifications.looks import Look
from notifications.rules.template import parse
from notifications.sheets import preview_of, with_buttons

ALLOWED = frozenset({"customer.name", "pay.link"})
TEXT = """Please pay

Hello {{ customer.name }},

Something is due.

[Pay]({{ pay.link }})

See [here]({{ pay.link }}) too.
"""
LOOK = Look("Northwind", True, "#0f766e", "#378d86", "", ("Northwind GmbH", "https://northwind.example/imprint"))


def letter(**values: str) -> Letter:
    text = parse(TEXT, allowed=ALLOWED, name="test").render({"customer.name": "Anna", "pay.link": "", **values})
    return Letter(
        customer_id=uuid4(), look=LOOK, reply_to="help@northwind.example", to_name="Anna",
        to_address="anna@example.com", language="en", text=text, slug="northwind",
    )  # fmt: skip


def sent(**values: str) -> tuple[str, str]:
    """The plain text and the HTML."""
    mail = as_mail(letter(**values), message_id=uuid4(), connection=get_connection())
    html = mail.alternatives[0][0]
    assert isinstance(html, str)
    return str(mail.body), html


def test_a_link_that_is_a_paragraph_is_a_button_and_in_plain_text_the_end_of_its_line() -> None:
    plain, html = sent(**{"pay.link": "https://pay.example/?a=1&b=2#x"})
    assert "\n\nPay: https://pay.example/?a=1&b=2#x\n\n" in plain
    assert "See here (https://pay.example/?a=1&b=2#x) too." in plain
    assert html.count('class="button"') == 1
    assert '<a class="button" href="https://pay.example/?a=1&amp;b=2#x"' in html


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "data:text/html,x", '"><script>alert(1)</script>'])
def test_what_is_no_address_makes_no_button_that_leads_anywhere(link: str) -> None:
    _plain, html = sent(**{"pay.link": link})
    assert 'class="button" href=' not in html
    assert "<script" not in html


def test_a_button_is_made_of_what_was_cleaned_alone() -> None:
    assert with_buttons('<p><a href="x">a <b>b</b></a></p>') == '<p><a href="x">a <b>b</b></a></p>'
    assert with_buttons('<p>See <a href="x">a</a></p>') == '<p>See <a href="x">a</a></p>'


def test_lists_of_mails_show_what_is_said_and_not_the_greeting() -> None:
    _plain, html = sent(**{"customer.name": "<b>Anna</b>"})
    assert '<div class="ahead">Something is due.</div>' in html


def test_legal_pages_below_it_are_links_and_nothing_is_loaded() -> None:
    _plain, html = sent()
    assert '<a href="https://northwind.example/imprint">' in html
    assert "src=" not in html
    assert "url(" not in html


def test_the_preview_is_what_is_sent_but_that_its_links_lead_nowhere_from_a_frame() -> None:
    _plain, html = sent(**{"pay.link": "https://pay.example/"})
    shown = preview_of(letter(**{"pay.link": "https://pay.example/"}))
    assert shown.replace('<base target="_blank">', "") == html
