"""The invariants there are: each app registers its own when it is ready, as it does its queues."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.utils.functional import Promise

# No look returns more rows than this: where there are more, the first show what happened.
LIMIT = 50


class Pace(StrEnum):
    """`often`: every few minutes, answered from indexes. `nightly`: it reads whole tables of the partner."""

    OFTEN = "often"
    NIGHTLY = "nightly"


@dataclass(frozen=True, slots=True)
class Broken:
    """One row that breaks an invariant, by its public id. `note` holds figures and codes, nothing personal."""

    object: str
    customer_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Invariant:
    """`find(partner_id, now, limit)` runs in the partner's scope, writes nothing and returns the rows that break it.

    `name` is stable, `sentence` says what holds, `remedy` what to do where it does not. With `has_page` its rows have
    a list of their own on Home.
    """

    name: str
    sentence: str | Promise
    remedy: str | Promise
    find: Callable[[UUID, datetime, int], Sequence[Broken]]
    pace: Pace = Pace.OFTEN
    has_page: bool = False


@dataclass(frozen=True, slots=True)
class EverywhereInvariant:
    """The same for the whole installation: `find()` runs outside any partner's scope and returns no partner's data."""

    name: str
    sentence: str | Promise
    remedy: str | Promise
    find: Callable[[], Sequence[str]]


_invariants: dict[str, Invariant] = {}
_everywhere: dict[str, EverywhereInvariant] = {}


def register(invariant: Invariant) -> None:
    """Called once for each by the app that knows it."""
    _invariants[invariant.name] = invariant


def register_everywhere(invariant: EverywhereInvariant) -> None:
    _everywhere[invariant.name] = invariant


def invariants(pace: Pace | None = None) -> list[Invariant]:
    """By name; all of them unless a pace is named."""
    return [_invariants[name] for name in sorted(_invariants) if pace is None or _invariants[name].pace is pace]


def invariants_everywhere() -> list[EverywhereInvariant]:
    """By name."""
    return [_everywhere[name] for name in sorted(_everywhere)]


def known(name: str) -> Invariant | EverywhereInvariant | None:
    """The invariant of this name; None for one that is registered no more."""
    return _invariants.get(name) or _everywhere.get(name)
