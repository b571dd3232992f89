"""Markdown of texts: a small part of it, made into HTML of a few harmless elements, and into plain text.

Values are put in last, as text, in the place of marks; so none of them is read as Markdown. What leaves here as HTML
has been cleaned after that, so that a link leads to a web page or a mail address, whoever wrote it, or nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import nh3
from markdown_it import MarkdownIt

TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "hr", "h1", "h2", "h3"}
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>]+", re.IGNORECASE)
_OFF = ("image", "reference", "html_block", "html_inline", "entity", "code", "fence", "backticks", "lheading")
_MARKDOWN = MarkdownIt("commonmark", {"breaks": True, "html": False}).disable(_OFF)
_MARK = re.compile(r"zq(\d{1,3})vx")
# None of these goes over a text more than once, whatever stands in it.
_LINK = re.compile(r"\[([^\[\]\n]*)\]\(([^()\s]*)\)")
_STRONG = re.compile(r"\*\*([^*\n]+)\*\*")
_HEADING = re.compile(r"^#{1,3} +", re.MULTILINE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def mark(number: int) -> str:
    """Stands for a value; of letters and digits alone, so that Markdown leaves it as it is, in addresses too.

    Who writes one into a text gets the value of that number, which the text may name anyway.
    """
    return f"zq{number}vx"


def filled(marked: str, values: Sequence[str]) -> str:
    """Plain text with its values."""
    return _MARK.sub(lambda found: _value(found, values), marked)


def html_of(marked: str) -> str:
    """The Markdown's HTML, with marks; not yet clean."""
    return str(_MARKDOWN.render(marked))


def cleaned(marked: str, values: Sequence[str]) -> str:
    """The HTML with its values."""
    html = _MARK.sub(lambda found: escape(_value(found, values)).replace("\n", "<br>"), marked)
    return nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, attribute_filter=_addressed)


def plain_of(marked: str) -> str:
    """A paragraph's Markdown as people read it in plain text: a link's address stands in brackets behind it, and behind
    a colon where there is nothing else, so that mail programs find its end."""
    if (alone := _LINK.fullmatch(marked)) and alone[1] != alone[2]:
        return f"{alone[1]}: {alone[2]}"
    text = _LINK.sub(lambda found: found[1] if found[1] == found[2] else f"{found[1]} ({found[2]})", marked)
    return _ESCAPED.sub(r"\1", _HEADING.sub("", _STRONG.sub(r"\1", text)))


def _addressed(_tag: str, attribute: str, value: str) -> str | None:
    return value if attribute == "rel" or (attribute == "href" and _ADDRESS.fullmatch(value)) else None


def _value(found: re.Match[str], values: Sequence[str]) -> str:
    number = int(found[1])
    return values[number] if number < len(values) else found[0]
