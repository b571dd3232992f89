"""Several of a long list that is grouped: a checkbox each, folded by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms


class Checklist(forms.SelectMultiple):
    """For a MultipleChoiceField whose choices are grouped; the component `field` shows it."""


@dataclass(frozen=True, slots=True)
class Option:
    """One checkbox."""

    id: str
    value: str
    text: Any
    is_checked: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One fold; `chosen` says how many of it are checked."""

    text: Any
    options: tuple[Option, ...]

    @property
    def chosen(self) -> int:
        return sum(option.is_checked for option in self.options)


def groups_of(field: forms.BoundField) -> list[Group]:
    """The groups of such a field, with what is checked."""
    checked = {str(value) for value in field.value() or ()}
    found = []
    for text, choices in field.field.choices:  # type: ignore[attr-defined]
        options = (Option(f"{field.auto_id}_{value}", value, label, value in checked) for value, label in choices)
        found.append(Group(text, tuple(options)))
    return found
