"""What follows a test that commits: every table emptied, as the owner, since the application's role may not.

Rows that came with the migrations (content types, permissions, reference data) stay exactly as they were, or are put
back. A few rows are deleted, which is some twenty times as fast as TRUNCATE; that comes where much lies, dead rows too.
"""

from contextlib import closing
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from io import StringIO

import psycopg2
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import DeadlockDetected
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor
from psycopg2.sql import SQL, Composed, Identifier, Literal

KEPT = "django_migrations"
# Larger tables are truncated: 8 kB each.
FEW_PAGES = 40
TRIES = 5


@dataclass
class Flush:
    """Empties one database; made while it is fresh, because it remembers the rows that are there then.

    `tables` are in the order of deletion: what refers to others comes first. Raises CycleError where there is none.
    It keeps its connection until it is closed: in a new one the server learns of every table anew, which takes longer
    than to empty them.
    """

    owner_url: str
    tables: tuple[str, ...]
    original: dict[str, str]
    digest: str
    sequences: dict[str, tuple[int, bool]]
    _connection: Connection | None = field(default=None, repr=False)

    @classmethod
    def remembering(cls, owner_url: str) -> "Flush":
        with closing(psycopg2.connect(owner_url)) as connection, connection.cursor() as cursor:
            tables = tuple(_referring_first(cursor))
            filled = _filled(cursor, tables)
            original = {name: _copy_out(cursor, name) for name in reversed(tables) if name in filled}
            return cls(owner_url, tables, original, _digest(cursor, original), _sequences(cursor))

    def __call__(self) -> None:
        """A page that a browser left may still be answered, and hold its tables in another order: once more, then.

        So it is where the server has ended the connection since.
        """
        for _ in range(TRIES - 1):
            try:
                self._restore()
            except DeadlockDetected:
                continue
            except (OperationalError, InterfaceError):
                if not self._connected().closed:
                    raise
            else:
                return
        self._restore()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = psycopg2.connect(self.owner_url)
        return self._connection

    def _restore(self) -> None:
        if self._connected().closed:
            self._connection = None
        with self._connected() as connection, connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '20s'")
            filled = _filled(cursor, self.tables)
            is_large = max(filled.values(), default=0) > FEW_PAGES
            put_back = is_large or _digest(cursor, self.original) != self.digest
            left = [name for name in self.tables if name in filled and (put_back or name not in self.original)]
            if left:
                _empty(cursor, left, truncate=is_large)
            for table, rows in self.original.items() if put_back else ():
                cursor.copy_expert(SQL("COPY {} FROM STDIN").format(Identifier(table)), StringIO(rows))
            if left:
                again = [
                    SQL("setval({}, {}, {})").format(*map(Literal, (name, *at))) for name, at in self.sequences.items()
                ]
                cursor.execute(SQL("SELECT {}").format(SQL(", ").join(again)))


def make_as_new(connection: BaseDatabaseWrapper) -> None:
    """What a test has said to its connection is forgotten, and the next test goes on with it.

    One that is in a transaction or broken is closed; a new one would cost the next test more than most tests take.
    """
    if connection.connection is None:
        return
    if connection.in_atomic_block or not connection.get_autocommit() or not connection.is_usable():
        connection.close()
        return
    with connection.cursor() as cursor:
        cursor.execute("RESET ALL; SELECT pg_advisory_unlock_all()")


def _referring_first(cursor: Cursor) -> list[str]:
    cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
    referring: dict[str, set[str]] = {name: set() for (name,) in cursor.fetchall() if name != KEPT}
    cursor.execute(
        "SELECT child.relname, parent.relname FROM pg_constraint one"
        " JOIN pg_class child ON child.oid = one.conrelid JOIN pg_class parent ON parent.oid = one.confrelid"
        " WHERE contype = 'f' AND conrelid <> confrelid"
    )
    for child, parent in cursor.fetchall():
        referring[parent].add(child)
    return list(TopologicalSorter(referring).static_order())


def _filled(cursor: Cursor, tables: tuple[str, ...]) -> dict[str, int]:
    """The tables that hold rows, and how many pages they have, dead rows included."""
    one = SQL("SELECT {}, pg_relation_size({}::regclass) / 8192 WHERE EXISTS (SELECT FROM {})")
    each = [one.format(_text(name), Literal(f'"{name}"'), Identifier(name)) for name in tables]
    cursor.execute(SQL(" UNION ALL ").join(each))
    return dict(cursor.fetchall())


def _empty(cursor: Cursor, tables: list[str], *, truncate: bool) -> None:
    """Either way waits for whoever still works on these tables, or fails."""
    if truncate:
        cursor.execute(SQL("TRUNCATE {} CASCADE").format(_listed(tables)))
    else:
        cursor.execute(SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(_listed(tables)))
        cursor.execute(SQL(";").join(SQL("DELETE FROM {}").format(Identifier(name)) for name in tables))


def _copy_out(cursor: Cursor, table: str) -> str:
    rows = StringIO()
    cursor.copy_expert(SQL("COPY {} TO STDOUT").format(Identifier(table)), rows)
    return rows.getvalue()


def _digest(cursor: Cursor, tables: dict[str, str]) -> str:
    one = SQL("(SELECT coalesce(string_agg(t::text, '|' ORDER BY t::text), '') FROM {} t)")
    cursor.execute(
        SQL("SELECT md5(concat_ws('#', {}))").format(SQL(", ").join(one.format(Identifier(name)) for name in tables))
    )
    (found,) = cursor.fetchone() or ("",)
    return str(found)


def _sequences(cursor: Cursor) -> dict[str, tuple[int, bool]]:
    """Where each stands: its last number, and whether that was given out."""
    cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace")
    found = {}
    for (name,) in cursor.fetchall():
        cursor.execute(SQL("SELECT last_value, is_called FROM {}").format(Identifier(name)))
        found[name] = cursor.fetchone() or (1, False)
    return found


def _listed(tables: list[str]) -> Composed:
    return SQL(", ").join(map(Identifier, tables))


def _text(value: str) -> Composed:
    return SQL("{}::text").format(Literal(value))
