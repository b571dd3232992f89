"""Roles and database, made from one administrator's URL; safe to repeat, and repeating rotates the passwords.

`app_owner` owns the database and migrates it. `app_user` is what the application runs as: row-level security binds it
because it owns nothing, is no superuser and may not bypass. PostgreSQL 15 and newer; the administrator may be a
superuser or, as with most hosted databases, a role that may create roles and databases.
"""

from contextlib import closing
from dataclasses import dataclass

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor
from psycopg2.extensions import encrypt_password, make_dsn, parse_dsn
from psycopg2.sql import SQL, Identifier, Literal

EXTENSIONS = ("pg_trgm", "btree_gist")


class UnsafeRole(Exception):
    """The role that the application would run as could reach around row-level security."""


@dataclass(frozen=True)
class Names:
    """What the two application URLs ask for."""

    database: str
    owner: str
    owner_password: str
    user: str
    user_password: str


@dataclass(frozen=True)
class Report:
    """`owner_bypasses` is false where the administrator cannot grant BYPASSRLS: then a policy must let the owner in."""

    names: Names
    owner_bypasses: bool


def bootstrap(*, admin_url: str, owner_url: str, user_url: str) -> Report:
    """Make the roles and the database that the two URLs name, with the rights each may have and no others."""
    names = read_names(owner_url=owner_url, user_url=user_url)
    admin = parse_dsn(admin_url)
    if admin.get("user") in (names.owner, names.user):
        raise UnsafeRole(f"the administrator {admin['user']!r} must be another role than owner and user")
    with closing(connect(admin_url)) as server, server.cursor() as cursor:
        make_role(cursor, names.owner, names.owner_password)
        make_role(cursor, names.user, names.user_password)
        become_member(cursor, names.owner)
        refuse_unsafe(cursor, names)
        bypasses = grant_bypass(cursor, names.owner)
        make_database(cursor, names)
    with closing(connect(admin_url, database=names.database)) as inside, inside.cursor() as cursor:
        for extension in EXTENSIONS:
            cursor.execute(SQL("CREATE EXTENSION IF NOT EXISTS {}").format(Identifier(extension)))
        grant_schema(cursor, names)
        refuse_ownership(cursor, names.user)
    return Report(names=names, owner_bypasses=bypasses)


def connect(url: str, *, database: str | None = None) -> Connection:
    """An autocommitting connection: CREATE DATABASE refuses to run inside a transaction."""
    connection: Connection = psycopg2.connect(make_dsn(url, dbname=database) if database else url)
    connection.autocommit = True
    return connection


def read_names(*, owner_url: str, user_url: str) -> Names:
    owner, user = parse_dsn(owner_url), parse_dsn(user_url)
    if owner.get("dbname") != user.get("dbname") or not owner.get("dbname"):
        raise UnsafeRole("DATABASE_URL and DATABASE_OWNER_URL must name the same database")
    if not owner.get("user") or not user.get("user") or owner["user"] == user["user"]:
        raise UnsafeRole("DATABASE_URL and DATABASE_OWNER_URL must name two different roles")
    return Names(
        database=owner["dbname"],
        owner=owner["user"],
        owner_password=owner.get("password", ""),
        user=user["user"],
        user_password=user.get("password", ""),
    )


def make_role(cursor: Cursor, role: str, password: str) -> None:
    """A role that may log in. The password leaves as a verifier, so no log of the server shows it."""
    cursor.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [role])
    row = cursor.fetchone()
    if row is None:
        cursor.execute(SQL("CREATE ROLE {} LOGIN").format(Identifier(role)))
    elif not row[0]:
        cursor.execute(SQL("ALTER ROLE {} LOGIN").format(Identifier(role)))
    if password:
        verifier = encrypt_password(password, role, cursor.connection, "scram-sha-256")
        cursor.execute(SQL("ALTER ROLE {} PASSWORD {}").format(Identifier(role), Literal(verifier)))


def become_member(cursor: Cursor, owner: str) -> None:
    """An administrator who is no superuser acts on the owner's database as its member."""
    cursor.execute(
        "SELECT rolsuper OR pg_has_role(oid, %s, 'USAGE') FROM pg_roles WHERE rolname = current_user", [owner]
    )
    row = cursor.fetchone()
    if row is not None and not row[0]:
        cursor.execute(SQL("GRANT {} TO CURRENT_USER").format(Identifier(owner)))


def refuse_unsafe(cursor: Cursor, names: Names) -> None:
    cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", [names.user])
    superuser, bypasses = cursor.fetchone() or (False, False)
    if superuser or bypasses:
        raise UnsafeRole(f"{names.user!r} is a superuser or bypasses row-level security; name another role")
    cursor.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [names.user, names.owner])
    if cursor.fetchone() == (True,):
        raise UnsafeRole(f"{names.user!r} is a member of {names.owner!r}; revoke that first")


def grant_bypass(cursor: Cursor, owner: str) -> bool:
    cursor.execute("SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = %s", [owner])
    if cursor.fetchone() == (True,):
        return True
    try:
        cursor.execute(SQL("ALTER ROLE {} BYPASSRLS").format(Identifier(owner)))
    except psycopg2.errors.InsufficientPrivilege:
        return False
    return True


def make_database(cursor: Cursor, names: Names, *, template: str | None = None) -> None:
    """The owner's database, closed to everybody but the two roles; a copy of `template` where one is named."""
    database, owner, user = Identifier(names.database), Identifier(names.owner), Identifier(names.user)
    cursor.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [names.database])
    row = cursor.fetchone()
    if row is None:
        copied = SQL(" TEMPLATE {}").format(Identifier(template)) if template else SQL("")
        cursor.execute(SQL("CREATE DATABASE {} OWNER {}").format(database, owner) + copied)
    elif row[0] != names.owner:
        cursor.execute(SQL("ALTER DATABASE {} OWNER TO {}").format(database, owner))
    cursor.execute(SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    cursor.execute(SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, user))


def grant_schema(cursor: Cursor, names: Names) -> None:
    """The user may look into the schema and make nothing there. What it may do to a table, the walls grant by name."""
    owner, user = Identifier(names.owner), Identifier(names.user)
    cursor.execute(SQL("ALTER SCHEMA public OWNER TO {}").format(owner))
    cursor.execute(SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
    cursor.execute(SQL("GRANT USAGE ON SCHEMA public TO {}").format(user))


def refuse_ownership(cursor: Cursor, user: str) -> None:
    """Whoever owns a table can lift its policies."""
    cursor.execute(
        "SELECT count(*) FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND deptype = 'o' "
        "AND refobjid = (SELECT oid FROM pg_roles WHERE rolname = %s)",
        [user],
    )
    owned = cursor.fetchone()
    if owned is not None and owned[0]:
        raise UnsafeRole(f"{user!r} owns {owned[0]} object(s); the role that the application runs as must own nothing")
