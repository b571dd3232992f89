"""Texts that partners write: sections, Markdown, what none of it can do, and how long it may be."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import partial
from html.parser import HTMLParser
from types import FrameType

import pytest

from notifications import texts
from notifications.owned.rules.texts import (
    UnknownLanguage,
    allowed_in,
    checked_language,
    checked_text,
    left_out,
)
from notifications.rules.markup import TAGS
from notifications.rules.template import BrokenText, Rendered, TextTooLong, UnknownVariable, parse_parts
from partnerpanel.kernel.errors import DomainError, NotFound
from tests.rules.payloads import COSTLY, IN_TEXTS, IN_VALUES, longest_of

ALLOWED = frozenset({"customer.name", "reason", "pay.link"})
VALUES = {"customer.name": "Anna Berger", "reason": "", "pay.link": "https://pay.example/?a=1&b=2"}
ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>]+", re.IGNORECASE)


class Read(HTMLParser):
    """What a mail program makes of a piece of HTML: its elements with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.others: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)

    @property
    def is_harmless(self) -> bool:
        return not self.others and all(
            tag in TAGS
            and set(attributes) <= ({"href", "rel"} if tag == "a" else set())
            and ADDRESS.fullmatch(attributes.get("href") or "https://none.example")
            for tag, attributes in self.found
        )


def rendered(body: str, *, subject: str = "S", **values: str) -> Rendered:
    filled = VALUES | {name.replace("_", "."): value for name, value in values.items()}
    return parse_parts(subject, body, allowed=ALLOWED, name="x").render(filled)


def test_a_section_is_there_while_its_value_is() -> None:
    body = "Hello\n\n{{#reason}}\nWhy: {{ reason }}\n\nMore.\n{{/reason}}\n\n{{^reason}}No reason.{{/reason}}"
    assert rendered(body).paragraphs == ("Hello", "No reason.")
    assert rendered(body, reason="late").paragraphs == ("Hello", "Why: late", "More.")


def test_sections_stand_in_sections_and_in_subjects() -> None:
    body = "{{#customer.name}}A{{#reason}}B{{/reason}}C{{/customer.name}}"
    subject = "{{^reason}}Without{{/reason}} {{ customer.name }}"
    assert rendered(body, subject=subject).paragraphs == ("AC",)
    assert rendered(body, subject=subject).subject == "Without Anna Berger"


@pytest.mark.parametrize(
    "body",
    [
        "{{#reason}} never closed",
        "{{/reason}}",
        "{{#reason}}{{#customer.name}}{{/reason}}{{/customer.name}}",
        "{{#reason}}" * 6 + "{{/reason}}" * 6,
        "{% include 'x' %}",
        "{{ reason",
    ],
)
def test_a_section_that_is_not_closed_and_stray_braces_are_refused_in_the_body(body: str) -> None:
    with pytest.raises(BrokenText) as refused:
        rendered(body)
    assert refused.value.field == "body"


@pytest.mark.parametrize("place", ["#customers", "customer", "> partial", "& reason", "!reason", "#", "settings"])
def test_a_section_or_partial_of_anything_else_is_refused_by_its_name(place: str) -> None:
    with pytest.raises(UnknownVariable):
        rendered(f"Body {{{{ {place} }}}}")


def test_markdown_becomes_a_few_elements_and_readable_plain_text() -> None:
    found = rendered("# Hello\n\n**Pay** *now*: [here]({{ pay.link }})\nor later\n\n- one\n- two")
    assert '<a href="https://pay.example/?a=1&amp;b=2" rel="noopener noreferrer">here</a>' in found.html
    for part in ("<h1>Hello</h1>", "<strong>Pay</strong> <em>now</em>", "<br>", "<li>two</li>"):
        assert part in found.html
    assert found.paragraphs[:2] == ("Hello", "Pay *now*: here (https://pay.example/?a=1&b=2)\nor later")


def test_a_value_is_never_read_as_markdown() -> None:
    found = rendered("Hello {{ customer.name }}", customer_name="**[x](https://evil.example)**")
    assert found.html == "<p>Hello **[x](https://evil.example)**</p>\n"


@pytest.mark.parametrize("payload", IN_TEXTS)
def test_what_a_partner_writes_does_nothing_but_stand_there(payload: str) -> None:
    """It is refused, or becomes text and harmless elements."""
    try:
        html = rendered(payload).html
    except DomainError:
        return
    assert Read(html).is_harmless, html


@pytest.mark.parametrize("payload", IN_VALUES)
def test_what_a_customer_is_called_does_nothing_either(payload: str) -> None:
    body = "Hello {{ customer.name }}\n\n[pay]({{ customer.name }})\n\n**{{ customer.name }}**"
    found = rendered(body, subject="For {{ customer.name }}", customer_name=payload)
    assert Read(found.html).is_harmless, found.html
    assert "\n" not in found.subject
    assert "\r" not in found.subject


def test_a_hundred_payloads_were_tried() -> None:
    assert len({*IN_TEXTS, *IN_VALUES}) >= 100


@pytest.mark.parametrize("unit", COSTLY)
def test_twice_as_much_of_the_costliest_markdown_is_about_twice_the_work(unit: str) -> None:
    """How long it takes is measured in `bench_texts`."""
    text = longest_of(unit)
    rendered(text)
    half, whole = (calls(partial(rendered, part.strip())) for part in (text[: len(text) // 2], text))
    assert whole < 3 * half


def calls(act: Callable[[], object]) -> int:
    """How many functions it calls: the same on every machine."""
    counted = 0

    def count(_frame: FrameType, event: str, _of: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(before)
    return counted


def test_a_text_has_at_most_6000_characters_200_places_and_200_kb_with_its_values() -> None:
    for subject, body, field in (("S" * 301, "x", "subject"), ("S", "x" * 6_001, "body")):
        with pytest.raises(TextTooLong) as refused:
            parse_parts(subject, body, allowed=ALLOWED, name="x")
        assert refused.value.field == field
    with pytest.raises(TextTooLong, match="300 square brackets"):
        rendered("[" * 301)
    with pytest.raises(TextTooLong, match="200 places"):
        rendered("{{ reason }}" * 201)
    with pytest.raises(TextTooLong, match="200 kB"):
        rendered("{{ reason }}" * 200, reason="x" * 1_100)


def test_a_subject_is_one_line() -> None:
    with pytest.raises(BrokenText) as refused:
        parse_parts("one\ntwo", "body", allowed=ALLOWED, name="x")
    assert refused.value.field == "subject"


def test_what_the_products_text_says_and_the_own_one_does_not_is_named() -> None:
    name = "subscription_payment_failed"
    own = checked_text(name, "Pay {{ partner.name }}", "Hello {{ customer.name }}")
    assert "pay.link" in left_out(own, texts.text("en", name))


def test_texts_and_languages_that_there_are_none_of_are_refused() -> None:
    with pytest.raises(NotFound):
        allowed_in("no_such_text")
    with pytest.raises(UnknownLanguage):
        checked_language("tlh")
    with pytest.raises(UnknownVariable, match="pay"):
        checked_text("own_1", "Hello", "{{ pay.link }}")
