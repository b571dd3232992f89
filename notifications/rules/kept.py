"""The plain text that is kept of a mail, as HTML again: paragraphs, lists, and addresses as links."""

from __future__ import annotations

import re
from html import escape

import nh3

_ADDRESS = re.compile(r"https?://[^\s<>]*[^\s<>.,;:!?)]")
# How a link that is a paragraph of its own is written in plain text.
_NAMED = re.compile(r"([^\n]+): (https?://\S+)")


def kept_html(body: str) -> str:
    """Nothing in it is read as Markdown or HTML, and its links lead to web pages."""
    html = "".join(_paragraph(one.strip()) for one in body.split("\n\n") if one.strip())
    return nh3.clean(html, tags={"p", "br", "a", "ul", "li"}, attributes={"a": {"href"}})


def _paragraph(text: str) -> str:
    if named := _NAMED.fullmatch(text):
        return f'<p><a href="{escape(named[2])}">{escape(named[1])}</a></p>'
    lines = text.split("\n")
    if all(line.startswith("- ") for line in lines):
        return "<ul>" + "".join(f"<li>{_linked(line[2:])}</li>" for line in lines) + "</ul>"
    return "<p>" + "<br>".join(map(_linked, lines)) + "</p>"


def _linked(text: str) -> str:
    parts, at = [], 0
    for found in _ADDRESS.finditer(text):
        address = escape(found[0])
        parts += [escape(text[at : found.start()]), f'<a href="{address}">{address}</a>']
        at = found.end()
    return "".join([*parts, escape(text[at:])])
