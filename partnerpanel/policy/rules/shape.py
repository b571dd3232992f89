"""Keys out of types: nested frozen dataclasses read as one flat list of dotted names, and built from it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Annotated, Any, TypeVar, cast, get_args, get_origin, get_type_hints

from partnerpanel.policy.rules.kinds import Kind, OneOf, YesNo

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: its dotted name, the kind of its values, and the value that its type begins with."""

    name: str
    kind: Kind
    default: Any

    def of(self, policy: object) -> Any:
        """The key's value in this policy."""
        return attrgetter(self.name)(policy)


def keys_of(group: type, prefix: str = "") -> Iterator[Key]:
    """Every key below a dataclass, in the order of its fields."""
    for name, hint, default in _fields(group):
        kind = _kind(hint)
        if kind is None:
            yield from keys_of(hint, f"{prefix}{name}.")
        else:
            yield Key(prefix + name, kind, default)


def built(group: type[T], values: Mapping[str, Any], prefix: str = "") -> T:
    """The dataclass made of a value for each of its keys. Raises KeyError where one is missing."""
    arguments = {
        name: values[prefix + name] if _kind(hint) else built(hint, values, f"{prefix}{name}.")
        for name, hint, _ in _fields(cast("type", group))
    }
    return group(**arguments)


@cache
def _fields(group: type) -> tuple[tuple[str, Any, Any], ...]:
    hints = get_type_hints(group, include_extras=True)
    return tuple(
        (field.name, hints[field.name], None if field.default is MISSING else field.default) for field in fields(group)
    )


def _kind(hint: Any) -> Kind | None:
    """The kind that a field's type names; None for a group of keys."""
    if get_origin(hint) is Annotated:
        kind: Kind = get_args(hint)[1]
        return kind
    if hint is bool:
        return YesNo()
    return OneOf(hint) if issubclass(hint, StrEnum) else None
