"""Statements that the server parses and plans once for a connection, where a command keeps its connection to itself.

Elsewhere each statement is sent whole: behind a transaction pooler the next one may meet another connection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from django.db import connection

_own: ContextVar[bool] = ContextVar("own_connection", default=False)
# By connection, the names under which it has statements.
_names: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()
# Connections that were told how to plan.
_told: WeakSet[Any] = WeakSet()
# Each statement is about few rows of many, found by an index. A plan that is made while the tables are small, or before
# anybody has counted their rows, holds each against all of a partner's; one for the values of each time costs more to
# make than to follow.
_PLANS: Mapping[str, str] = {
    "plan_cache_mode": "force_generic_plan",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_seqscan": "off",
}


@contextmanager
def own_connection() -> Iterator[None]:
    """For a command that does one kind of work all the time, on a connection that it shares with nobody.

    What it asks there is about few rows at a time: the server plans for that until the block ends.
    """
    token = _own.set(True)
    try:
        yield
    finally:
        _own.reset(token)
        if connection.connection in _told and connection.is_usable():
            _told.discard(connection.connection)
            with connection.cursor() as cursor:
                cursor.execute("; ".join(f"RESET {name}" for name in _PLANS))


def kept(text: str, many: int) -> str:
    """What to execute instead of a statement that is the same each time but for its `many` parameters.

    The server has to know the type of each from the text.
    """
    if not _own.get():
        return text
    connection.ensure_connection()
    if connection.connection not in _told:
        _told.add(connection.connection)
        with connection.cursor() as cursor:
            cursor.execute("; ".join(f"SET {name} = {value}" for name, value in _PLANS.items()))
    names = _names.setdefault(connection.connection, {})
    name = names.get(text)
    if name is None:
        name = f"kept_{len(names) + 1}"
        places = tuple(f"${number}" for number in range(1, many + 1))
        with connection.cursor() as cursor:
            cursor.execute(f"PREPARE {name} AS {text % places}")
        names[text] = name
    return f"EXECUTE {name} ({', '.join(['%s'] * many)})" if many else f"EXECUTE {name}"


def replan() -> None:
    """Has the server plan anew what it keeps for the connection, when that is next asked.

    A plan for whatever values is made for tables of the size that they have then, and is wrong for tables that have
    grown since: asked at the beginning, it would read all rows for ever.
    """
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")
