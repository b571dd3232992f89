"""Writing many rows with one statement whose values travel as one array per column.

That costs a third of `bulk_create` and of `bulk_update`'s CASE: nothing is made for a single value, here or in the
server's parser. (COPY would cost less still, but row-level security refuses it.)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import compress
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection, models

from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.prepared import kept
from partnerpanel.tenancy.rows import TenantModel, columns_of

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class _Column:
    """How a column is named, of which type it is, how a value is written in an array, and what it is by default."""

    name: str
    kind: str
    write: Callable[[Any], str]
    default: Callable[[], Any]
    is_key: bool


def insert_rows(
    model: type[TenantModel],
    *,
    partner_id: UUID,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    ignore_conflicts: bool = False,
) -> set[UUID]:
    """Writes rows of the partner; each is the values of `columns`. What is not named has the model's default.

    Raises IntegrityError for a row that is there already; with `ignore_conflicts` that one is left as it is, and the
    ids of the others are returned.
    """
    written: set[UUID] = set()
    values = list(rows)
    if not values:
        return written
    given, others = _columns(model, tuple(columns)), _others(model, tuple(columns))
    for start in range(0, len(values), BATCH):
        batch = values[start : start + BATCH]
        lists = [*zip(*batch, strict=True), *(_defaults(one, len(batch)) for one in others)]
        shared, parameters = _written((*given, *others), lists)
        text = _insert_text(model, tuple(columns), shared, ignore_conflicts=ignore_conflicts)
        with connection.cursor() as cursor:
            cursor.execute(kept(text, len(parameters) + 1), [partner_id, *parameters])
            if ignore_conflicts:
                written |= {id_ for (id_,) in cursor.fetchall()}
    return written


def insert_objects(objects: Sequence[TenantModel]) -> None:
    """Writes new objects of one model and one partner, whose ids they have already. Raises IntegrityError."""
    if objects:
        model = type(objects[0])
        fields = [field for field in model._meta.concrete_fields if field.name != "partner"]
        insert_rows(
            model,
            partner_id=objects[0].partner_id,
            columns=[field.name for field in fields],
            rows=[[getattr(one, field.attname) for field in fields] for one in objects],
        )


def update_rows(
    model: type[TenantModel], *, partner_id: UUID, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Sets `columns` of the partner's rows; each row is `(id, value, …)`. Returns how many were found and changed."""
    values = list(rows)
    names = ("id", *columns)
    changed = 0
    for start in range(0, len(values), BATCH):
        batch = values[start : start + BATCH]
        shared, parameters = _written(_columns(model, names), list(zip(*batch, strict=True)))
        with connection.cursor() as cursor:
            text = kept(_update_text(model, names, shared), len(parameters) + 1)
            cursor.execute(text, [*parameters, partner_id])
            changed += cursor.rowcount
    return changed


@lru_cache(maxsize=1_000)
def _columns(model: type[TenantModel], names: tuple[str, ...]) -> tuple[_Column, ...]:
    return tuple(_column(field) for field in columns_of(model, names))


@lru_cache(maxsize=1_000)
def _others(model: type[TenantModel], names: tuple[str, ...]) -> tuple[_Column, ...]:
    """Those that are not named, whose values are the model's defaults."""
    named = {*columns_of(model, names), model._meta.get_field("partner")}
    return tuple(_column(field) for field in model._meta.concrete_fields if field not in named)


def _column(field: models.Field[Any, Any]) -> _Column:
    kind = (field.db_type(connection) or "").partition(" COLLATE")[0].partition("(")[0]
    return _Column(str(field.column), kind, _WRITERS[kind], field.get_default, field.primary_key)


def _defaults(column: _Column, many: int) -> Sequence[Any]:
    if column.is_key:
        return [uuid7() for _ in range(many)]
    return [column.default()] * many


def _written(columns: Sequence[_Column], lists: Sequence[Sequence[Any]]) -> tuple[tuple[bool, ...], list[str]]:
    """Which columns have one value that all rows share, so that it travels once, and all of them as arrays."""
    # The first column says how many rows there are.
    shared = [False, *(all(value is values[0] for value in values) for values in lists[1:])]
    arrays = [
        _array(column.write, values[:1] if is_shared else values)
        for column, values, is_shared in zip(columns, lists, shared, strict=True)
    ]
    mask = tuple(shared)
    return mask, [*compress(arrays, mask), *(one for one, is_shared in zip(arrays, mask, strict=True) if not is_shared)]


@lru_cache(maxsize=1_000)
def _insert_text(
    model: type[TenantModel], names: tuple[str, ...], shared: tuple[bool, ...], *, ignore_conflicts: bool
) -> str:
    columns = (*_columns(model, names), *_others(model, names))
    table, into = _quoted(model._meta.db_table), ", ".join(_quoted(one.name) for one in columns)
    conflict = " ON CONFLICT DO NOTHING RETURNING id" if ignore_conflicts else ""
    selected = _selected(columns, shared)
    return f"INSERT INTO {table} (partner_id, {into}) SELECT %s::uuid, v.* FROM ({selected}) AS v{conflict}"  # noqa: S608


@lru_cache(maxsize=1_000)
def _update_text(model: type[TenantModel], names: tuple[str, ...], shared: tuple[bool, ...]) -> str:
    columns = _columns(model, names)
    quoted = [_quoted(one.name) for one in columns]
    moved = ", ".join(f"{name} = v.{name}" for name in quoted[1:])
    return (
        f"UPDATE {_quoted(model._meta.db_table)} AS t SET {moved}"  # noqa: S608
        f" FROM ({_selected(columns, shared)}) AS v ({', '.join(quoted)}) WHERE t.partner_id = %s AND t.id = v.id"
    )


def _selected(columns: Sequence[_Column], shared: Sequence[bool]) -> str:
    """A SELECT of the columns in their order, for the parameters that `_written` gives. All of it is of the models."""
    heads, kinds = [], []
    for column, is_shared in zip(columns, shared, strict=True):
        if is_shared:
            heads.append(f"(%s::{column.kind}[])[1]")
        else:
            kinds.append(column.kind)
            heads.append(f"a.c{len(kinds)}")
    arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
    table = ", ".join(f"c{position}" for position in range(1, len(kinds) + 1))
    return f"SELECT {', '.join(heads)} FROM unnest({arrays}) AS a ({table})"  # noqa: S608


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _array(write: Callable[[Any], str], values: Sequence[Any]) -> str:
    return "{" + ",".join(["NULL" if value is None else write(value) for value in values]) + "}"


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


# How a value is written inside of an array, by the type of its column.
_WRITERS: Mapping[str, Callable[[Any], str]] = {
    "uuid": attrgetter("hex"),
    "varchar": _text,
    "text": _text,
    "jsonb": lambda value: _text(json.dumps(value)),
    "smallint": str,
    "integer": str,
    "bigint": str,
    "boolean": {True: "t", False: "f"}.__getitem__,
    "date": date.isoformat,
    "timestamp with time zone": datetime.isoformat,
    "bytea": lambda value: _text("\\x" + bytes(value).hex()),
}
