"""Resources: kinds of objects that programs list and read, registered by the app that owns their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.rows import TenantQuerySet
from partnerpanel.wire.filters import Filter
from partnerpanel.wire.shapes import Shape

Shown = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Showing:
    """For whom rows are shown, and when: `now` is the partner's business time."""

    partner_id: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class Resource:
    """`name` is its place in addresses (`customers`), `kind` its word in `object` and in events (`customer`).

    `rows` gives the partner's rows, `show` turns some of them into JSON, in their order and in a constant number of
    queries. Lists are newest first, by id. `refs` says which fields are ids of which resource, for `expand`.
    """

    name: str
    kind: str
    prefix: str
    shape: type[Shape]
    rows: Callable[[UUID], TenantQuerySet[Any]]
    show: Callable[[Showing, Sequence[Any]], list[Shown]]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    refs: Mapping[str, str] = field(default_factory=dict)


_resources: dict[str, Resource] = {}


def register(resources: Iterable[Resource]) -> None:
    """Called once by each app, when it is ready."""
    _resources.update((one.name, one) for one in resources)


def registered() -> list[Resource]:
    return list(_resources.values())


def resource(name: str) -> Resource:
    """Raises KeyError: a mistake in the code."""
    return _resources[name]


def of_kind(kind: str) -> Resource | None:
    """The resource whose objects an event of this kind of object is about, if programs see it."""
    return next((one for one in _resources.values() if one.kind == kind), None)


def shown(one: Resource, ids: Iterable[UUID], *, showing: Showing) -> dict[UUID, Shown]:
    """Those of the ids that the partner has, by id; in the open scope."""
    rows = list(one.rows(showing.partner_id).filter(pk__in=set(ids)))
    return {row.pk: found for row, found in zip(rows, one.show(showing, rows), strict=True)}


def shown_one(one: Resource, id_: UUID, *, showing: Showing) -> Shown:
    """One object; in the open scope. Raises NotFound."""
    found = shown(one, [id_], showing=showing)
    if id_ not in found:
        raise NotFound(f"There is no such {one.kind.replace('_', ' ')}.", field="id")
    return found[id_]
