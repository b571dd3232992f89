"""What follows a test that commits: every table emptied, as the owner, since the application's role may not.

Rows that came with the migrations (content types, permissions, reference data) are put back exactly as they were.
"""

from contextlib import closing
from dataclasses import dataclass
from io import StringIO

import psycopg2
from psycopg2.extensions import cursor as Cursor
from psycopg2.sql import SQL, Composed, Identifier, Literal

KEPT = "django_migrations"


@dataclass(frozen=True)
class Flush:
    """Empties one database; made while it is fresh, because it remembers the rows that are there then."""

    owner_url: str
    tables: tuple[str, ...]
    original: dict[str, str]

    @classmethod
    def remembering(cls, owner_url: str) -> "Flush":
        with closing(psycopg2.connect(owner_url)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
            tables = tuple(name for (name,) in cursor.fetchall() if name != KEPT)
            return cls(owner_url, tables, {name: _copy_out(cursor, name) for name in _filled(cursor, tables)})

    def __call__(self) -> None:
        with closing(psycopg2.connect(self.owner_url)) as connection, connection, connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '20s'")
            filled = _filled(cursor, self.tables)
            if filled:
                cursor.execute(SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(_listed(filled)))
            for table, rows in self.original.items():
                cursor.copy_expert(SQL("COPY {} FROM STDIN").format(Identifier(table)), StringIO(rows))
                cursor.execute(_sequence_after(table))


def _filled(cursor: Cursor, tables: tuple[str, ...]) -> list[str]:
    if not tables:
        return []
    each = [SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(_text(name), Identifier(name)) for name in tables]
    cursor.execute(SQL(" UNION ALL ").join(each))
    return [name for (name,) in cursor.fetchall()]


def _copy_out(cursor: Cursor, table: str) -> str:
    rows = StringIO()
    cursor.copy_expert(SQL("COPY {} TO STDOUT").format(Identifier(table)), rows)
    return rows.getvalue()


def _sequence_after(table: str) -> Composed:
    """Numbers go on behind the rows that were put back."""
    wanted = (
        "SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {} HAVING pg_get_serial_sequence({}, 'id') > ''"
    )
    return SQL(wanted).format(_text(table), Identifier(table), _text(table))


def _listed(tables: list[str]) -> Composed:
    return SQL(", ").join(map(Identifier, tables))


def _text(value: str) -> Composed:
    return SQL("{}::text").format(Literal(value))
