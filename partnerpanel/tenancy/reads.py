"""Reads that are asked again and again: the ORM builds their statement once, and later only the values change.

Building a statement takes the ORM several times as long as the database takes to answer it, and a step of the engine
reads a dozen times whether one customer renews or fifty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from types import SimpleNamespace
from typing import Any, Generic, TypeVar, cast
from uuid import UUID, uuid4

from django.db import connections
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet
from django.db.models.query import FlatValuesListIterable, ValuesListIterable

from partnerpanel.tenancy.among import array

Row = TypeVar("Row")


class Read(Generic[Row]):
    """What `build` reads, for its values; calling it gives the rows.

    Values are ids, instants, days, and collections of ids, which the statement compares by `among`. None of them may
    decide what the statement is, and each has to be a parameter of it: TypeError otherwise, when it is first asked.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self._build = build
        self._statement: _Statement | None = None

    def __call__(self, *values: UUID | date | Iterable[UUID]) -> list[Row]:
        if self._statement is None:
            self._statement = _built(self._build, values)
        parameters = [_parameter(value) for value in values]
        return cast("list[Row]", list(self._statement.rows(parameters)))


@dataclass(frozen=True)
class _Statement:
    """`order` says which value each parameter of the text takes."""

    queryset: QuerySet[Any, Any]
    compiler: Any
    text: str
    order: tuple[int, ...]

    def rows(self, values: list[Any]) -> Iterable[Any]:
        """Made by the ORM out of what comes back, as for a statement that it has just built."""
        parameters = [values[number] for number in self.order]
        connection = connections[self.queryset.db]
        if self.is_plain:
            with connection.cursor() as cursor:
                cursor.execute(self.text, parameters)
                return [row[0] for row in cursor.fetchall()] if self.is_flat else cursor.fetchall()
        compiler, query = copy(self.compiler), copy(self.queryset.query)
        compiler.connection = connection
        compiler.as_sql = lambda *_, **__: (self.text, parameters)
        query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        own = vars(self.queryset)
        asked = {"db": self.queryset.db, "model": self.queryset.model, "_fields": own["_fields"], "query": query}
        rows: Iterable[Any] = own["_iterable_class"](SimpleNamespace(**asked, _known_related_objects={}))
        return rows

    @cached_property
    def is_flat(self) -> bool:
        """Whether a row is its only column."""
        return vars(self.queryset)["_iterable_class"] is FlatValuesListIterable

    @cached_property
    def is_plain(self) -> bool:
        """Whether the ORM would hand on the rows of the database as they are."""
        columns = [column for column, *_ in self.compiler.select]
        is_list = vars(self.queryset)["_iterable_class"] in (ValuesListIterable, FlatValuesListIterable)
        return is_list and len(columns) == self.compiler.col_count and not self.compiler.get_converters(columns)


def _built(build: Callable[..., QuerySet[Any, Any]], values: tuple[Any, ...]) -> _Statement:
    """With marks in the place of the values, by which the parameters are known again."""
    marks = [_mark(value, number) for number, value in enumerate(values)]
    queryset = build(*marks)
    compiler = queryset.query.get_compiler(using=queryset.db)
    text, parameters = compiler.as_sql()
    known = {_parameter(mark): number for number, mark in enumerate(marks)}
    order = tuple(known[one] for one in parameters if one in known)
    if set(order) != set(range(len(values))):
        raise TypeError("Each value has to be a parameter of the statement.")
    with connections[queryset.db].cursor() as cursor:
        pieces = tuple("%s" if one in known else _literal(cursor, one) for one in parameters)
    # What is escaped in the text stays so.
    return _Statement(queryset, compiler, text.replace("%%", "%%%%") % pieces, order)


def _literal(cursor: CursorWrapper, value: Any) -> str:
    """A value that is always the same, as a part of the text."""
    written: bytes = cursor.mogrify("%s", [value])
    return written.decode().replace("%", "%%")


def _mark(value: Any, number: int) -> Any:
    if isinstance(value, UUID):
        return uuid4()
    if isinstance(value, datetime):
        return datetime.min.replace(microsecond=number + 1, tzinfo=UTC)
    if isinstance(value, date):
        return date.min + timedelta(days=number)
    return [uuid4()]


def _parameter(value: Any) -> Any:
    return value if isinstance(value, UUID | date) else array(value)
