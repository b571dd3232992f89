"""Enumerations as columns: plain strings in migrations, so that no migration imports the application."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Q


def values(states: type[StrEnum]) -> list[tuple[str, str]]:
    """The enumeration as a column's choices."""
    return [(state.value, state.value) for state in states]


def known(column: str, states: type[StrEnum]) -> Q:
    """The condition that the column holds one of the enumeration's values."""
    return Q(**{f"{column}__in": [state.value for state in states]})
