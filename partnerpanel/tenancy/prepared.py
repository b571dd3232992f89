"""Statements that the server parses and plans once for a connection, where a command keeps its connection to itself.

Elsewhere each statement is sent whole: behind a transaction pooler the next one may meet another connection.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

_own: ContextVar[bool] = ContextVar("own_connection", default=False)
# By connection, the names under which it has statements.
_names: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


@contextmanager
def own_connection() -> Iterator[None]:
    """For a command that does one kind of work all the time, on a connection that it shares with nobody."""
    token = _own.set(True)
    try:
        yield
    finally:
        _own.reset(token)


def kept(text: str, many: int) -> str:
    """What to execute instead of a statement that is the same each time but for its `many` parameters.

    The server has to know the type of each from the text.
    """
    if not _own.get():
        return text
    connection.ensure_connection()
    names = _names.setdefault(connection.connection, {})
    name = names.get(text)
    if name is None:
        name = f"kept_{len(names) + 1}"
        places = tuple(f"${number}" for number in range(1, many + 1))
        with connection.cursor() as cursor:
            cursor.execute(f"PREPARE {name} AS {text % places}")
        names[text] = name
    return f"EXECUTE {name} ({', '.join(['%s'] * many)})" if many else f"EXECUTE {name}"
