"""`bootstrap_database`: what it makes, what it refuses, and that it may be repeated."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import uuid4

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from psycopg2.sql import SQL, Identifier

from partnerpanel.tenancy.bootstrap import UnsafeRole, bootstrap, connect
from tests.databases import drop, named_administrator


@dataclass(frozen=True)
class Urls:
    admin_url: str
    owner_url: str
    user_url: str


@pytest.fixture
def administrator(request: pytest.FixtureRequest) -> str:
    return named_administrator() or str(request.getfixturevalue("servers").admin_url)


@pytest.fixture
def urls(administrator: str) -> Iterator[Urls]:
    """Names that need quoting everywhere, on a server that is left as it was."""
    run = f'Odd "name" {uuid4().hex[:8]}'
    database, owner, user = f"{run} d", f"{run} o", f"{run} u"
    yield Urls(
        administrator, _url(administrator, owner, "first", database), _url(administrator, user, "first", database)
    )
    with closing(connect(administrator)) as server, server.cursor() as cursor:
        drop(cursor, database)
        for role in (owner, user):
            cursor.execute(SQL("DROP ROLE IF EXISTS {}").format(Identifier(role)))


def test_the_application_role_owns_nothing_and_bypasses_nothing(urls: Urls) -> None:
    report = bootstrap(admin_url=urls.admin_url, owner_url=urls.owner_url, user_url=urls.user_url)
    assert report.owner_bypasses
    with closing(connect(urls.owner_url)) as owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE public.notes (id int)")
        cursor.execute("SELECT extname FROM pg_extension WHERE extname IN ('pg_trgm', 'btree_gist')")
        assert len(cursor.fetchall()) == 2
    with closing(connect(urls.user_url)) as user, user.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False, False)
        for refused in ("CREATE TABLE public.mine (id int)", "SELECT * FROM notes", "TRUNCATE notes"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(refused)


def test_repeating_changes_nothing_but_a_changed_password(urls: Urls) -> None:
    bootstrap(admin_url=urls.admin_url, owner_url=urls.owner_url, user_url=urls.user_url)
    changed = urls.user_url.replace(":first@", ":second@")
    bootstrap(admin_url=urls.admin_url, owner_url=urls.owner_url, user_url=changed)
    with closing(connect(urls.admin_url)) as server, server.cursor() as cursor:
        cursor.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname = %s", [psycopg2.extensions.parse_dsn(changed)["user"]]
        )
        verifier = cursor.fetchone()
    assert verifier is not None
    assert verifier[0].startswith("SCRAM-SHA-256$")
    with closing(connect(changed)) as user:
        assert user.status


def test_others_may_not_even_connect(urls: Urls) -> None:
    bootstrap(admin_url=urls.admin_url, owner_url=urls.owner_url, user_url=urls.user_url)
    with closing(connect(urls.admin_url)) as server, server.cursor() as cursor:
        database = psycopg2.extensions.parse_dsn(urls.user_url)["dbname"]
        cursor.execute("SELECT has_database_privilege('pg_monitor', %s, 'CONNECT')", [database])
        assert cursor.fetchone() == (False,)


def test_a_role_with_too_much_power_is_refused(urls: Urls) -> None:
    bootstrap(admin_url=urls.admin_url, owner_url=urls.owner_url, user_url=urls.user_url)
    user = Identifier(psycopg2.extensions.parse_dsn(urls.user_url)["user"])
    with closing(connect(urls.admin_url)) as server, server.cursor() as cursor:
        cursor.execute(SQL("ALTER ROLE {} BYPASSRLS").format(user))
    with pytest.raises(UnsafeRole, match="bypasses row-level security"):
        bootstrap(admin_url=urls.admin_url, owner_url=urls.owner_url, user_url=urls.user_url)


def test_a_role_that_owns_a_table_is_refused(urls: Urls) -> None:
    bootstrap(admin_url=urls.admin_url, owner_url=urls.owner_url, user_url=urls.user_url)
    user = psycopg2.extensions.parse_dsn(urls.user_url)
    with closing(connect(urls.admin_url, database=user["dbname"])) as inside, inside.cursor() as cursor:
        cursor.execute("CREATE TABLE public.mine (id int)")
        cursor.execute(SQL("ALTER TABLE public.mine OWNER TO {}").format(Identifier(user["user"])))
    with pytest.raises(UnsafeRole, match="owns 1 object"):
        bootstrap(admin_url=urls.admin_url, owner_url=urls.owner_url, user_url=urls.user_url)


@pytest.mark.parametrize(
    ("owner", "user", "why"),
    [
        ("postgres://same@localhost/d", "postgres://same@localhost/d", "two different roles"),
        ("postgres://one@localhost/d", "postgres://two@localhost/e", "the same database"),
    ],
)
def test_urls_that_make_no_sense_are_refused(owner: str, user: str, why: str) -> None:
    with pytest.raises(UnsafeRole, match=why):
        bootstrap(admin_url="postgres://postgres@localhost/postgres", owner_url=owner, user_url=user)


def test_an_administrator_without_superpowers_is_enough(urls: Urls) -> None:
    with closing(connect(urls.admin_url)) as server, server.cursor() as cursor:
        role = f"hosted_{uuid4().hex[:8]}"
        cursor.execute(SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB PASSWORD 'hosted'").format(Identifier(role)))
        hosted = _url(urls.admin_url, role, "hosted", "postgres")
        try:
            report = bootstrap(admin_url=hosted, owner_url=urls.owner_url, user_url=urls.user_url)
            again = bootstrap(admin_url=hosted, owner_url=urls.owner_url, user_url=urls.user_url)
        finally:
            drop(cursor, psycopg2.extensions.parse_dsn(urls.user_url)["dbname"])
            cursor.execute(SQL("DROP OWNED BY {}").format(Identifier(role)))
            for named in (urls.owner_url, urls.user_url):
                made = psycopg2.extensions.parse_dsn(named)["user"]
                cursor.execute(SQL("DROP ROLE IF EXISTS {}").format(Identifier(made)))
            cursor.execute(SQL("DROP ROLE {}").format(Identifier(role)))
    assert not report.owner_bypasses
    assert again == report


def test_the_command_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_ADMIN_URL", "DATABASE_OWNER_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(CommandError, match="set DATABASE_ADMIN_URL, DATABASE_OWNER_URL, DATABASE_URL"):
        call_command("bootstrap_database")


def _url(like: str, role: str, password: str, database: str) -> str:
    parts = urlsplit(like)
    address = f"{parts.hostname}:{parts.port or 5432}"
    return urlunsplit((parts.scheme, f"{quote(role)}:{password}@{address}", f"/{quote(database)}", "", ""))
