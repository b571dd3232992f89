"""Reading a text: its literal parts, its places for values, and its sections."""

from __future__ import annotations

import re
from dataclasses import dataclass

from partnerpanel.kernel.errors import DomainError

BREAK = re.compile(r"\n[ \t]*\n\s*")
_PLACE = re.compile(r"\{\{([^{}]*)\}\}")
DEEPEST = 5


class UnknownVariable(DomainError):
    """A text names a value that it cannot have."""

    code = "unknown_variable"


class BrokenText(DomainError):
    """A text without subject or body, with braces that stand for nothing, or with a section that has no end."""

    code = "broken_text"


class TextTooLong(DomainError):
    """A text, or what becomes of it, is longer than mails should be."""

    code = "text_too_long"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands."""

    name: str


@dataclass(frozen=True, slots=True)
class Section:
    """What is there while a value is there, or while it is not."""

    name: str
    while_present: bool
    nodes: tuple[Node, ...]


Node = str | Place | Section


def nodes_of(text: str, *, allowed: frozenset[str], name: str, part: str) -> tuple[Node, ...]:
    """Raises UnknownVariable or BrokenText of this part of the text “name”."""
    pieces = _PLACE.split(text)
    open_: list[tuple[str, bool, list[Node]]] = [("", True, [])]
    for number, piece in enumerate(pieces):
        if number % 2 == 0:
            _refuse_braces(piece, name=name, part=part)
            if piece:
                open_[-1][2].append(piece)
            continue
        inside = piece.strip()
        sign, variable = (inside[0], inside[1:].strip()) if inside[:1] in ("#", "^", "/") else ("", inside)
        if variable not in allowed:
            known = ", ".join(sorted(allowed))
            raise UnknownVariable(f"“{name}” names “{variable}”; it can have {known}.", field=part, variable=variable)
        if sign == "/":
            if open_[-1][0] != variable:
                raise BrokenText(f"“{name}” closes a section “{variable}” that is not open there.", field=part)
            closed, present, nodes = open_.pop()
            open_[-1][2].append(Section(closed, present, tuple(nodes)))
        elif sign:
            if len(open_) > DEEPEST:
                raise BrokenText(f"“{name}” has sections in more than {DEEPEST} others.", field=part)
            open_.append((variable, sign == "#", []))
        else:
            open_[-1][2].append(Place(variable))
    if len(open_) > 1:
        raise BrokenText(f"“{name}” opens a section “{open_[-1][0]}” and never closes it.", field=part)
    return tuple(open_[0][2])


def _refuse_braces(literal: str, *, name: str, part: str) -> None:
    if any(brace in literal for brace in ("{{", "}}", "{%", "%}")):
        raise BrokenText(f"“{name}” has braces that stand for nothing: {literal.strip()[:60]!r}.", field=part)
