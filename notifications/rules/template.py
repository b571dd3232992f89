"""Texts with places for values and nothing else: no logic, no look-ups, so whoever writes one can run nothing.

A text's first line is the subject; paragraphs follow, with an empty line between them. `{{ customer.name }}` stands for
a value out of a closed list. A paragraph whose values are all empty is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from partnerpanel.kernel.errors import DomainError

_PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_BREAK = re.compile(r"\n[ \t]*\n\s*")
# The category Cc of Unicode.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class UnknownVariable(DomainError):
    """A text names a value that it cannot have."""

    code = "unknown_variable"


class BrokenText(DomainError):
    """A text without subject or body, or with braces that stand for nothing."""

    code = "broken_text"


@dataclass(frozen=True, slots=True)
class Line:
    """Literal text and names of values by turns, beginning and ending with literal text."""

    parts: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return self.parts[1::2]

    def filled(self, values: Mapping[str, str]) -> str:
        return "".join(values[part] if index % 2 else part for index, part in enumerate(self.parts))


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text with its values. The body is plain; whoever shows it as HTML escapes it."""

    subject: str
    paragraphs: tuple[str, ...]

    @property
    def body(self) -> str:
        return "\n\n".join(self.paragraphs) + "\n"


@dataclass(frozen=True, slots=True)
class Template:
    """A text that was checked."""

    subject: Line
    paragraphs: tuple[Line, ...]

    def render(self, values: Mapping[str, str]) -> Rendered:
        """Values are taken as they are, never read as a text again; in the subject they stay on one line."""
        named = {name for line in (self.subject, *self.paragraphs) for name in line.names}
        clean = {name: _clean(values[name]) for name in named}
        paragraphs = tuple(
            line.filled(clean) for line in self.paragraphs if not line.names or any(clean[name] for name in line.names)
        )
        return Rendered(" ".join(self.subject.filled(clean).split()), paragraphs)


def parse(text: str, *, allowed: frozenset[str], name: str) -> Template:
    """Raises UnknownVariable or BrokenText, naming the text and what is wrong with it."""
    subject, _, body = text.strip().replace("\r\n", "\n").partition("\n")
    paragraphs = [paragraph.strip() for paragraph in _BREAK.split(body.strip())]
    if not subject.strip() or not paragraphs[0]:
        raise BrokenText(f"“{name}” needs a subject in its first line and a body below.", field="text")
    subject_line, *lines = (_line(one, allowed=allowed, name=name) for one in [subject.strip(), *paragraphs])
    return Template(subject_line, tuple(lines))


def _line(text: str, *, allowed: frozenset[str], name: str) -> Line:
    line = Line(tuple(_PLACE.split(text)))
    for variable in line.names:
        if variable not in allowed:
            known = ", ".join(sorted(allowed))
            raise UnknownVariable(f"“{name}” names “{variable}”; it can have {known}.", field="text", variable=variable)
    for literal in line.parts[::2]:
        if any(brace in literal for brace in ("{{", "}}", "{%", "%}")):
            raise BrokenText(f"“{name}” has braces that stand for nothing: {literal.strip()!r}.", field="text")
    return line


def _clean(value: str) -> str:
    """Without control characters; line breaks stay, empty lines go, so that a value stays inside its paragraph."""
    if value.isprintable():
        return value.strip()
    lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = (_CONTROL.sub("", line).strip() for line in lines)
    return "\n".join(line for line in kept if line)
