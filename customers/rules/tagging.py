"""Tags: what may be one, and what putting some on and taking others off comes to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from customers.rules.profile import InvalidCustomer

MOST_LETTERS = 40


@dataclass(frozen=True, slots=True)
class TagChange:
    """Names that are new on a customer, and names that are taken off, each in order."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def tag_names(names: Collection[str]) -> tuple[str, ...]:
    """The names without needless spaces, each once and in order. Raises InvalidCustomer for one that is too long."""
    wanted = sorted({" ".join(name.split()) for name in names} - {""})
    for name in wanted:
        if len(name) > MOST_LETTERS:
            raise InvalidCustomer(f"“{name}” is too long for a tag; 40 letters at most.", field="tags")
    return tuple(wanted)


def tag_change(present: Collection[str], *, add: Collection[str], remove: Collection[str]) -> TagChange:
    """What changes for somebody who has the tags `present`."""
    return TagChange(tuple(sorted(set(add) - set(present))), tuple(sorted(set(remove) & set(present))))
