"""Writing many rows with one statement whose values travel as one array per column.

That costs a third of `bulk_create` and of `bulk_update`'s CASE: nothing is made for a single value, here or in the
server's parser. (COPY would cost less still, but row-level security refuses it.)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection, models
from psycopg2 import sql

from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.rows import TenantModel, columns_of

BATCH = 1_000

Column = tuple["models.Field[Any, Any]", Sequence[Any]]


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
    fields = columns_of(model, columns)
    others = [field for field in model._meta.concrete_fields if field not in fields and field.name != "partner"]
    for start in range(0, len(values), BATCH):
        batch = values[start : start + BATCH]
        given = list(zip(fields, zip(*batch, strict=True), strict=True))
        made = [(field, _defaults(field, len(batch))) for field in others]
        written |= _insert(model, partner_id, [*given, *made], ignore_conflicts=ignore_conflicts)
    return written


def update_rows(
    model: type[TenantModel], *, partner_id: UUID, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Sets `columns` of the partner's rows; each row is `(id, value, …)`. Returns how many were found and changed."""
    values = list(rows)
    fields = columns_of(model, ["id", *columns])
    changed = 0
    for start in range(0, len(values), BATCH):
        batch = values[start : start + BATCH]
        names, selected, parameters = _from_arrays(list(zip(fields, zip(*batch, strict=True), strict=True)))
        statement = sql.SQL("UPDATE {} AS t SET {} FROM ({}) AS v ({}) WHERE t.partner_id = {} AND t.id = v.id").format(
            sql.Identifier(model._meta.db_table),
            sql.SQL(", ").join(sql.SQL("{0} = v.{0}").format(name) for name in names[1:]),
            selected,
            sql.SQL(", ").join(names),
            sql.Literal(str(partner_id)),
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            changed += cursor.rowcount
    return changed


def _insert(
    model: type[TenantModel], partner_id: UUID, columns: Sequence[Column], *, ignore_conflicts: bool
) -> set[UUID]:
    names, selected, parameters = _from_arrays(columns)
    statement = sql.SQL("INSERT INTO {} (partner_id, {}) SELECT {}, v.* FROM ({}) AS v {}").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(names),
        sql.Literal(str(partner_id)) + sql.SQL("::uuid"),
        selected,
        sql.SQL("ON CONFLICT DO NOTHING RETURNING id" if ignore_conflicts else ""),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return {id_ for (id_,) in cursor.fetchall()} if ignore_conflicts else set()


def _defaults(field: models.Field[Any, Any], many: int) -> Sequence[Any]:
    if field.primary_key:
        return [uuid7() for _ in range(many)]
    return [field.get_default()] * many


def _from_arrays(columns: Sequence[Column]) -> tuple[list[sql.Identifier], sql.Composable, list[str]]:
    """A SELECT of the columns in their order, and its parameters. A value that all rows share travels once."""
    names, shared, arrays = [], [], []
    heads: list[str] = []
    kinds: list[str] = []
    for field, values in columns:
        kind = (field.db_type(connection) or "").partition(" COLLATE")[0].partition("(")[0]
        write = _WRITERS[kind]
        names.append(sql.Identifier(str(field.column)))
        # The first column says how many rows there are.
        if kinds and all(value is values[0] for value in values):
            heads.append(f"(%s::{kind}[])[1]")
            shared.append(_array(write, values[:1]))
        else:
            kinds.append(kind)
            heads.append(f"a.c{len(kinds)}")
            arrays.append(_array(write, values))
    # All text here is of the models; values always travel as parameters.
    selected = f"SELECT {', '.join(heads)} FROM unnest({', '.join(f'%s::{kind}[]' for kind in kinds)})"  # noqa: S608
    table = f" AS a ({', '.join(f'c{position}' for position in range(1, len(kinds) + 1))})"
    return names, sql.SQL(selected + table), [*shared, *arrays]


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
