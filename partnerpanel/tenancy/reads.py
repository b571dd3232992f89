"""Reads that are asked again and again: the ORM builds their statement once, and later only the values change.

Building a statement takes the ORM several times as long as the database takes to answer it, and a step of the engine
reads a dozen times whether one customer renews or fifty.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from types import SimpleNamespace
from typing import Any, Generic, TypeVar, cast
from uuid import UUID, uuid4

from django.db import connection, connections
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet
from django.db.models.query import FlatValuesListIterable, ValuesListIterable

from partnerpanel.tenancy.among import array
from partnerpanel.tenancy.prepared import kept

Row = TypeVar("Row")
# What a page has read ahead, by statement and values; None where nobody reads ahead.
foreseen: ContextVar[dict[Hashable, list[Any]] | None] = ContextVar("foreseen", default=None)


class Read(Generic[Row]):
    """What `build` reads, for its values; calling it gives the rows.

    Values are ids, words, instants, days, and collections of ids, which the statement compares by `among`. None of them
    may decide what the statement is, and each has to be a parameter of it: TypeError otherwise, when it is first asked.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self._build = build
        self._statement: Statement | None = None

    def __call__(self, *values: Value) -> list[Row]:
        kept = foreseen.get()
        if kept is not None and (found := kept.get(self.key(*values))) is not None:
            return cast("list[Row]", list(self.statement(*values).shaped(found)))
        return cast("list[Row]", list(self.statement(*values).rows(self.parameters(*values))))

    def statement(self, *values: Value) -> Statement:
        """The same for all values."""
        if self._statement is None:
            self._statement = _built(self._build, values)
        return self._statement

    def parameters(self, *values: Value) -> list[Any]:
        """One for each value."""
        return [_parameter(value) for value in values]

    def key(self, *values: Value) -> Hashable:
        """By which the answer for these values is known again."""
        return self, *(value if isinstance(value, UUID | str | date) else frozenset(value) for value in values)


class Written(Read[Row]):
    """The same for a statement that is written by hand; `order` says which value each of its parameters takes."""

    def __init__(self, text: str, order: tuple[int, ...]) -> None:
        self._statement = _Text(text, order)


@dataclass(frozen=True, eq=False)
class _Text:
    """`order` says which value each parameter of the text takes."""

    text: str
    order: tuple[int, ...]

    def rows(self, values: list[Any]) -> Iterable[Any]:
        """As the database gives them."""
        parameters = [values[number] for number in self.order]
        with connection.cursor() as cursor:
            cursor.execute(kept(self.text, len(self.order)), parameters)
            found: list[Any] = cursor.fetchall()
            return found

    def shaped(self, raw: list[Any]) -> Iterable[Any]:
        """What `rows` makes of what the database gave."""
        return raw


@dataclass(frozen=True, eq=False)
class _Built:
    """Of the ORM; `order` as above."""

    text: str
    order: tuple[int, ...]
    queryset: QuerySet[Any, Any]
    compiler: Any

    def rows(self, values: list[Any]) -> Iterable[Any]:
        """Made by the ORM out of what comes back, as for a statement that it has just built."""
        parameters = [values[number] for number in self.order]
        text, connection = kept(self.text, len(self.order)), connections[self.queryset.db]
        if self.is_plain:
            with connection.cursor() as cursor:
                cursor.execute(text, parameters)
                return self.shaped(cursor.fetchall())
        compiler = copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_, **__: (text, parameters)
        return self._made(compiler)

    def shaped(self, raw: list[Any]) -> Iterable[Any]:
        """What `rows` makes of what the database gave."""
        if self.is_plain:
            return [row[0] for row in raw] if self.is_flat else raw
        compiler = copy(self.compiler)
        compiler.connection = connections[self.queryset.db]
        compiler.execute_sql = lambda *_, **__: [[row[: self.compiler.col_count] for row in raw]]
        return self._made(compiler)

    def _made(self, compiler: Any) -> Iterable[Any]:
        query = copy(self.queryset.query)
        compiler.get_converters = lambda _: self.converters
        query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        own = vars(self.queryset)
        asked = {"db": self.queryset.db, "model": self.queryset.model, "_fields": own["_fields"], "query": query}
        rows: Iterable[Any] = own["_iterable_class"](SimpleNamespace(**asked, _known_related_objects={}))
        return rows

    @cached_property
    def converters(self) -> Any:
        """What the ORM makes of each column: the same whenever it is asked."""
        return self.compiler.get_converters([column for column, *_ in self.compiler.select[: self.compiler.col_count]])

    @cached_property
    def is_flat(self) -> bool:
        """Whether a row is its only column."""
        return vars(self.queryset)["_iterable_class"] is FlatValuesListIterable

    @cached_property
    def is_plain(self) -> bool:
        """Whether the ORM would hand on the rows of the database as they are."""
        is_list = vars(self.queryset)["_iterable_class"] in (ValuesListIterable, FlatValuesListIterable)
        return is_list and len(self.compiler.select) == self.compiler.col_count and not self.converters


Statement = _Text | _Built
Value = UUID | str | date | Iterable[UUID]


def _built(build: Callable[..., QuerySet[Any, Any]], values: tuple[Any, ...]) -> _Built:
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
    return _Built(text.replace("%%", "%%%%") % pieces, order, queryset, compiler)


def _literal(cursor: CursorWrapper, value: Any) -> str:
    """A value that is always the same, as a part of the text."""
    written: bytes = cursor.mogrify("%s", [value])
    return written.decode().replace("%", "%%")


def _mark(value: Any, number: int) -> Any:
    if isinstance(value, UUID):
        return uuid4()
    if isinstance(value, str):
        return uuid4().hex
    if isinstance(value, datetime):
        return datetime.min.replace(microsecond=number + 1, tzinfo=UTC)
    if isinstance(value, date):
        return date.min + timedelta(days=number)
    return [uuid4()]


def _parameter(value: Any) -> Any:
    return value if isinstance(value, UUID | str | date) else array(value)
