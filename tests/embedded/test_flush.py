"""What a test commits is gone before the next, whether little or much lies there, and what migrations made stays."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from uuid import uuid4

import psycopg2
import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections
from psycopg2.errors import DeadlockDetected
from psycopg2.extensions import cursor as Cursor

from partnerpanel.tenancy.models import Partner
from tests.flush import FEW_PAGES, Flush, make_as_new
from tests.people import make_team
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def flush() -> Iterator[Flush]:
    found = connections["owner"].settings_dict
    with closing(Flush.remembering("postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**found))) as one:
        yield one


def original() -> tuple[list[str], list[str]]:
    return sorted(map(str, Permission.objects.all())), sorted(map(str, ContentType.objects.all()))


def test_a_few_rows_are_gone_and_numbers_begin_anew(flush: Flush) -> None:
    before = original()
    World(make_team("eastwind").partner).subscription()
    first = Group.objects.create(name="first").pk
    flush()
    assert not Partner.objects.exists()
    assert Group.objects.create(name="again").pk == first
    assert original() == before


def test_much_is_gone_and_so_is_the_space_that_it_took(flush: Flush) -> None:
    before = original()
    Group.objects.bulk_create(Group(name=f"{uuid4()} " + "x" * 100) for _ in range(60 * FEW_PAGES))
    flush()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('auth_group')")
        assert cursor.fetchone() == (0,)
    assert original() == before


def test_what_migrations_made_is_put_back_where_a_test_changed_it(flush: Flush) -> None:
    before = original()
    with closing(psycopg2.connect(flush.owner_url)) as owner, owner, owner.cursor() as cursor:
        cursor.execute("DELETE FROM auth_permission WHERE id > 5")
        cursor.execute("UPDATE auth_permission SET name = 'something else'")
    assert original() != before
    flush()
    assert original() == before


def test_a_page_still_at_work_that_holds_tables_in_another_order_is_waited_for(flush: Flush) -> None:
    """Each then waits for what the other holds, and PostgreSQL refuses one: the emptying, which then tries again, or on
    a slow machine the page."""
    World(make_team("eastwind").partner).subscription()
    first, *_, last = [table for table in flush.tables if table in {"subscriptions_subscription", "tenancy_partner"}]
    with closing(psycopg2.connect(flush.owner_url)) as page, page.cursor() as cursor, ThreadPoolExecutor() as pool:
        cursor.execute(f"LOCK TABLE {last} IN ACCESS SHARE MODE")
        flushed = pool.submit(flush)
        while not waits(cursor, last):
            assert not flushed.done()
        with suppress(DeadlockDetected):
            cursor.execute(f"LOCK TABLE {first} IN ACCESS SHARE MODE")
        page.rollback()
        flushed.result()
    assert not Partner.objects.exists()


def waits(cursor: Cursor, table: str) -> bool:
    cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table])
    return cursor.fetchone() == (1,)


def test_where_the_server_has_ended_its_connection_it_takes_another(flush: Flush) -> None:
    make_team("eastwind")
    flush()
    with closing(psycopg2.connect(flush.owner_url)) as owner, owner.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE usename = current_user AND datname = current_database() AND pid <> pg_backend_pid()"
        )
    make_team("eastwind")
    flush()
    assert not Partner.objects.exists()


def test_what_a_test_said_to_its_connection_is_forgotten_and_the_connection_stays() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), current_setting('work_mem'), current_setting('TimeZone')")
        before = cursor.fetchone()
        cursor.execute("SET work_mem = '123kB'; SET TimeZone = 'Asia/Tokyo'; SELECT pg_advisory_lock(7)")
    make_as_new(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), current_setting('work_mem'), current_setting('TimeZone')")
        assert cursor.fetchone() == before
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (0,)


def test_a_connection_that_is_broken_is_not_handed_on() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        before = cursor.fetchone()
    connection.connection.close()
    make_as_new(connection)
    assert connection.connection is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() != before
