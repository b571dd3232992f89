"""`expand`: ids of other objects replaced by those objects, level by level, each level in one read a resource."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.ids import parse
from partnerpanel.wire.resources import Resource, Showing, Shown, resource, shown

DEEPEST = 3
MOST = 10


class InvalidExpand(DomainError):
    """A field that cannot be expanded; the message names those that can."""

    code = "invalid_expand"
    status = 400


def expand(one: Resource, objects: Sequence[Shown], wanted: Iterable[str], *, showing: Showing) -> None:
    """Replaces ids by what they stand for; `plan.product` expands what was expanded. Raises InvalidExpand."""
    paths = [path for text in wanted for path in text.split(",") if path]
    if len(paths) > MOST:
        raise InvalidExpand(f"At most {MOST} fields can be expanded.", field="expand")
    _expand(one, objects, paths, showing=showing)


def _expand(one: Resource, objects: Sequence[Shown], paths: Sequence[str], *, showing: Showing) -> None:
    below: defaultdict[str, list[str]] = defaultdict(list)
    for path in paths:
        head, _, tail = path.partition(".")
        if head not in one.refs or path.count(".") >= DEEPEST:
            known = ", ".join(sorted(one.refs)) or "none"
            raise InvalidExpand(
                f"“{path[:60]}” cannot be expanded. Fields of {one.name} that can: {known}.", field="expand"
            )
        below[head] += [tail] if tail else []
    for name, tails in below.items():
        other = resource(one.refs[name])
        ids = {parse(other.prefix, found[name]) for found in objects if isinstance(found.get(name), str)}
        by_id = shown(other, ids, showing=showing)
        _expand(other, list(by_id.values()), tails, showing=showing)
        for found in objects:
            value: Any = found.get(name)
            if isinstance(value, str):
                found[name] = by_id.get(parse(other.prefix, value), value)
