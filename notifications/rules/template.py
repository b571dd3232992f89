"""Texts with places for values and sections that come and go with them: no logic and no look-ups, so whoever writes
one can run nothing.

A text's first line is the subject; paragraphs follow, with an empty line between them. `{{ customer.name }}` stands for
a value out of a closed list. `{{#reason}} … {{/reason}}` is there while that value is not empty, `{{^reason}} …
{{/reason}}` while it is. A paragraph whose values are all empty is left out. Paragraphs are Markdown; values never are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from notifications.rules.markup import cleaned, filled, html_of, mark, plain_of
from notifications.rules.places import BREAK, BrokenText, Node, Place, Section, TextTooLong, UnknownVariable, nodes_of
from notifications.rules.values import clean

__all__ = ["BrokenText", "Rendered", "Template", "TextTooLong", "UnknownVariable", "parse", "parse_parts"]

LONGEST_SUBJECT, LONGEST_BODY, MOST_PLACES = 300, 6_000, 200
# Each may begin a link, and looking for its end is what costs most.
MOST_BRACKETS = 300
LARGEST = 200_000


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text with its values. The paragraphs are plain; whoever shows them as HTML escapes them, or takes `html`."""

    subject: str
    paragraphs: tuple[str, ...]
    marked: str = ""
    values: tuple[str, ...] = field(default=(), repr=False)

    @property
    def body(self) -> str:
        return "\n\n".join(self.paragraphs) + "\n"

    @property
    def html(self) -> str:
        """The body as HTML of a few harmless elements: its Markdown, with values as text."""
        return cleaned(self.marked, self.values)


@dataclass(frozen=True, slots=True)
class Template:
    """A text that was checked."""

    subject: tuple[Node, ...]
    body: tuple[Node, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The values that it names, in its order and each once."""
        return tuple(dict.fromkeys([*_names(self.subject), *_names(self.body)]))

    def render(self, values: Mapping[str, str]) -> Rendered:
        """Values are taken as they are, never read as a text again; in the subject they stay on one line.

        Raises KeyError for a value that is missing, TextTooLong for more than 200 kB.
        """
        names = self.names
        texts = tuple(clean(values[name]) for name in names)
        shape = _shaped(self, frozenset(name for name, text in zip(names, texts, strict=True) if text))
        paragraphs = tuple(filled(one, texts) for one in shape.paragraphs)
        if sum(map(len, paragraphs)) * 4 > LARGEST and len("\n\n".join(paragraphs).encode()) > LARGEST:
            raise TextTooLong("With its values the text is longer than 200 kB.", field="body")
        return Rendered(" ".join(filled(shape.subject, texts).split()), paragraphs, shape.html, texts)


def parse(text: str, *, allowed: frozenset[str], name: str) -> Template:
    """Raises UnknownVariable, BrokenText or TextTooLong, naming the text and what is wrong with it."""
    subject, _, body = text.strip().replace("\r\n", "\n").partition("\n")
    return parse_parts(subject, body, allowed=allowed, name=name)


@lru_cache(maxsize=2_000)
def parse_parts(subject: str, body: str, *, allowed: frozenset[str], name: str) -> Template:
    """The same of a subject and a body; the errors name which of them."""
    subject, body = subject.strip(), body.strip().replace("\r\n", "\n").replace("\r", "\n")
    for part, said, longest in (("subject", subject, LONGEST_SUBJECT), ("body", body, LONGEST_BODY)):
        if not said:
            raise BrokenText(f"“{name}” needs a subject in its first line and a body below.", field=part)
        if len(said) > longest:
            raise TextTooLong(f"The {part} of “{name}” has more than {longest} characters; shorten it.", field=part)
    if body.count("[") > MOST_BRACKETS:
        raise TextTooLong(f"“{name}” has more than {MOST_BRACKETS} square brackets.", field="body")
    if "\n" in subject:
        raise BrokenText(f"The subject of “{name}” is one line.", field="subject")
    found = Template(
        nodes_of(subject, allowed=allowed, name=name, part="subject"),
        nodes_of(body, allowed=allowed, name=name, part="body"),
    )
    if len([*_names(found.subject), *_names(found.body)]) > MOST_PLACES:
        raise TextTooLong(f"“{name}” has more than {MOST_PLACES} places for values.", field="body")
    return found


@dataclass(frozen=True, slots=True)
class _Shape:
    """A text with its sections decided: marks stand where values go."""

    subject: str
    paragraphs: tuple[str, ...]
    html: str


@lru_cache(maxsize=2_000)
def _shaped(template: Template, present: frozenset[str]) -> _Shape:
    numbers = {name: number for number, name in enumerate(template.names)}
    subject = "".join(_flat(template.subject, present, numbers))
    paragraphs = []
    for source in BREAK.split("".join(_flat(template.body, present, numbers)).strip()):
        named = [name for name, number in numbers.items() if mark(number) in source]
        if source.strip() and (not named or any(name in present for name in named)):
            paragraphs.append(source.strip())
    return _Shape(subject, tuple(map(plain_of, paragraphs)), html_of("\n\n".join(paragraphs)))


def _flat(nodes: tuple[Node, ...], present: frozenset[str], numbers: Mapping[str, int]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Place):
            yield mark(numbers[node.name])
        elif isinstance(node, Section):
            if (node.name in present) == node.while_present:
                yield from _flat(node.nodes, present, numbers)
        else:
            yield node


def _names(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Place | Section):
            yield node.name
        if isinstance(node, Section):
            yield from _names(node.nodes)
