"""Which rows belong to customers, in as many tables as there are, by few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db.models import IntegerField, Value

from partnerpanel.personal.registry import PersonalTable, behind, step_of
from partnerpanel.tenancy.rows import TenantModel

# A table and the way from it to the customer.
Place = tuple[type[TenantModel], str]


def belongings(
    partner_id: UUID, tables: Iterable[PersonalTable], customer_ids: Collection[UUID]
) -> Mapping[type[TenantModel], Collection[UUID]]:
    """By table, the ids of the customers' rows, in the open scope; a table without any is left out.

    One statement for all tables that are equally far from the customer, and one for each that says itself what is
    theirs.
    """
    tables = list(tables)
    places = {place for one in tables if isinstance(one.of, str) for place in _on_the_way(one.model, one.of)}
    found: dict[Place, list[UUID]] = {}
    for steps in sorted({_steps(path) for _, path in places}):
        level = sorted((place for place in places if _steps(place[1]) == steps), key=_name)
        found |= _read(partner_id, level, found, customer_ids)
    return {
        one.model: ids
        for one in tables
        if (
            ids := found.get((one.model, one.of), [])
            if isinstance(one.of, str)
            else list(one.rows(partner_id, customer_ids).values_list("pk", flat=True))
        )
    }


def _on_the_way(model: type[TenantModel], path: str) -> Iterable[Place]:
    yield model, path
    step, rest = step_of(path)
    if rest:
        yield from _on_the_way(behind(model, step), rest)


def _steps(path: str) -> int:
    return path.count("__")


def _name(place: Place) -> tuple[str, str]:
    return place[0]._meta.label, place[1]


def _read(
    partner_id: UUID, level: list[Place], before: Mapping[Place, list[UUID]], customer_ids: Collection[UUID]
) -> dict[Place, list[UUID]]:
    parts = []
    for number, (model, path) in enumerate(level):
        step, rest = step_of(path)
        ids = before.get((behind(model, step), rest), ()) if rest else customer_ids
        if ids:
            rows = model.objects.for_partner(partner_id).filter(**{f"{step}__among": ids}).order_by()
            parts.append(rows.annotate(place=Value(number, IntegerField())).values_list("place", "pk"))
    found: defaultdict[Place, list[UUID]] = defaultdict(list)
    if parts:
        for number, id_ in parts[0].union(*parts[1:], all=True):
            found[level[number]].append(id_)
    return found
