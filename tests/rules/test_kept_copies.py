"""The plain text kept of a mail becomes HTML again: what was a link is one, and nothing else is read into it."""

from __future__ import annotations

import pytest

from notifications.rules.kept import kept_html
from notifications.sheets import with_buttons

BODY = """Hello Anna,

Something is due.
See here (https://pay.example/?a=1&b=2).

Pay: https://pay.example/?a=1&b=2#…

- one
- two
"""


def test_paragraphs_lines_lists_and_links_are_there_again() -> None:
    html = kept_html(BODY)
    assert html.startswith("<p>Hello Anna,</p><p>Something is due.<br>See here (<a href=")
    assert ">https://pay.example/?a=1&amp;b=2</a>).</p>" in html
    assert html.endswith("<ul><li>one</li><li>two</li></ul>")


def test_a_link_that_was_a_paragraph_is_its_button_again() -> None:
    html = with_buttons(kept_html(BODY))
    assert html.count('class="button"') == 1
    assert '<a class="button" href="https://pay.example/?a=1&amp;b=2#' in html


@pytest.mark.parametrize(
    "said", ["<script>alert(1)</script>", "Pay: javascript:alert(1)", '"><img src=x>', '**a** [x](y) https://a"><b>']
)
def test_nothing_is_read_into_it(said: str) -> None:
    html = kept_html(said)
    assert not any(one in html for one in ("<script", "<img", "<b>", "<strong", 'href="javascript'))


def test_nothing_is_nothing() -> None:
    assert kept_html("") == ""
