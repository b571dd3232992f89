"""What somebody who edits a level means: which keys it sets itself, and which fall back to the level above."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from partnerpanel.policy.rules.kinds import Document, Json
from partnerpanel.policy.rules.policy import KEYS

Partial: TypeAlias = "dict[str, Json]"
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Shown:
    """What the editor looked at: the values that held, and the keys that the level set itself."""

    values: Document
    own: frozenset[str]


def edited(shown: Shown, written: Document, dropped: Collection[str] = ()) -> Partial:
    """The level's document: what it set already and what somebody wrote otherwise, without what is reset.

    A value that stands there as it was shown and came from above still comes from above.
    """
    return {
        key: written[key]
        for key in KEYS
        if key in written and key not in dropped and (key in shown.own or written[key] != shown.values[key])
    }


def rebased(*, base: Document, wanted: Document, newest: Document) -> Partial:
    """`newest` with what an editor did to `base`: what others changed meanwhile stays, unless both touched it."""
    touched = changed_keys(base, wanted)
    kept: Partial = {key: value for key, value in newest.items() if key not in touched}
    kept |= {key: wanted[key] for key in touched if key in wanted}
    return {key: kept[key] for key in KEYS if key in kept}


def changed_keys(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """Keys that say something else than before, or nothing any more."""
    return sorted(key for key in {*before, *after} if before.get(key, _ABSENT) != after.get(key, _ABSENT))
