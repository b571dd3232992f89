"""Which keys a file has had already, on disk so that memory does not grow with the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager


class Seen:
    """Remembers the first row of every key."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute(
            "CREATE TABLE seen (kind TEXT, key TEXT, row INTEGER, PRIMARY KEY (kind, key)) WITHOUT ROWID"
        )

    def first(self, kind: str, key: str, row: int) -> int:
        """The row that had this key first: the given one where it is new."""
        added = self._connection.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", (kind, key, row))
        if added.rowcount:
            return row
        found = self._connection.execute("SELECT row FROM seen WHERE kind = ? AND key = ?", (kind, key))
        return int(found.fetchone()[0])


@contextmanager
def seen_keys() -> Iterator[Seen]:
    """A memory that lasts for one run; SQLite keeps it in a nameless file of its own and deletes it."""
    with closing(sqlite3.connect("")) as connection:
        yield Seen(connection)
