"""What a page will ask is asked in one statement: over a network it waits once instead of twenty times.

Whoever reads asks as ever, and is given what has been read ahead. That is for requests that write nothing: what was
read stays as it was until the block ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from partnerpanel.tenancy.reads import Read, Statement, Value, foreseen


class Asked(NamedTuple):
    """A read, and for which values."""

    read: Read[Any]
    values: tuple[Value, ...]


@contextmanager
def reading_ahead() -> Iterator[None]:
    """Keeps what `ahead` reads until the block ends. Values name their partner, so nobody is given another's."""
    token = foreseen.set({})
    try:
        yield
    finally:
        foreseen.reset(token)


def ahead(*asked: Asked) -> None:
    """Reads them all in one statement, in the open scope; nothing where nobody reads ahead."""
    kept = foreseen.get()
    if kept is None:
        return
    wanted = list({one.read.key(*one.values): one for one in asked if one.read.key(*one.values) not in kept}.values())
    if not wanted:
        return
    statements = tuple(one.read.statement(*one.values) for one in wanted)
    parameters: list[Any] = []
    for one, statement in zip(wanted, statements, strict=True):
        given = one.read.parameters(*one.values)
        parameters += [given[number] for number in statement.order]
    together = _together(statements, tuple(parameters))
    with connection.cursor() as cursor:
        cursor.execute(together.text, parameters)
        rows = sorted(cursor.fetchall(), key=lambda row: row[:2])
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(tuple(row[place] for place in together.places[row[0]]))
    for number, one in enumerate(wanted):
        kept[one.read.key(*one.values)] = found[number]


@dataclass(frozen=True)
class _Together:
    """`places` are, by statement, where its columns stand in a row of all."""

    text: str
    places: tuple[tuple[int, ...], ...]


# By the statements themselves, of which a process has as many as it has reads.
_MADE: dict[tuple[Statement, ...], _Together] = {}


def _together(statements: tuple[Statement, ...], parameters: tuple[Any, ...]) -> _Together:
    if statements not in _MADE:
        _MADE[statements] = _made(statements, parameters)
    return _MADE[statements]


def _made(statements: Sequence[Statement], parameters: tuple[Any, ...]) -> _Together:
    """One below the other; statements share a column where their types are the same."""
    types, begun = [], 0
    for statement in statements:
        ends = begun + len(statement.order)
        types.append(_types(statement, parameters[begun:ends]))
        begun = ends
    most = {name: max(one.count(name) for one in types) for name in {name for one in types for name in one}}
    columns = [name for name in sorted(most) for _ in range(most[name])]
    parts, places = [], []
    for number, (statement, own) in enumerate(zip(statements, types, strict=True)):
        at = _placed(own, columns)
        taken = {place: f"q.c{column}" for column, place in enumerate(at)}
        values = ", ".join(taken.get(place, f"NULL::{name}") for place, name in enumerate(columns))
        names = ", ".join(f"c{column}" for column in range(len(own)))
        parts.append(f"SELECT {number}, row_number() OVER (), {values} FROM ({statement.text}) AS q ({names})")  # noqa: S608
        places.append(tuple(place + 2 for place in at))
    return _Together(" UNION ALL ".join(parts), tuple(places))


def _placed(own: Sequence[str], columns: Sequence[str]) -> list[int]:
    free = defaultdict(list)
    for place, name in enumerate(columns):
        free[name].append(place)
    return [free[name].pop(0) for name in own]


def _types(statement: Statement, parameters: tuple[Any, ...]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({statement.text}) AS q LIMIT 0", parameters)  # noqa: S608
        return [_type_name(column.type_code) for column in cursor.description or ()]


@lru_cache
def _type_name(code: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT format_type(%s, NULL)", [code])
        return str(cursor.fetchone()[0])
