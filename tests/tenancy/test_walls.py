"""With the application's own filter taken off, the database alone keeps partners apart, on every tenant table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg2 import sql
from psycopg2.extras import Json
from pytest_django import DjangoDbBlocker

from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.rows import TenantModel
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.walls import tenant_rows
from tests.kept import kept, two_full_worlds
from tests.world import World

MODELS = sorted(tenant_rows(), key=lambda model: model._meta.label)


@pytest.fixture(scope="module")
def both(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[World, World]]:
    """Two partners with a row in every table each."""
    with kept(django_db_blocker):
        yield two_full_worlds()


@pytest.mark.django_db
def test_every_tenant_model_has_a_row_to_attack(both: tuple[World, World]) -> None:
    for world in both:
        with tenant(world.id):
            empty = [model._meta.label for model in MODELS if not model.objects.all().exists()]
        assert not empty, f"make a row of {', '.join(empty)} in tests/tenancy/rows.py"


@pytest.mark.django_db
def test_without_a_scope_every_tenant_table_is_empty(both: tuple[World, World]) -> None:
    assert {model._meta.label: model.objects.all().count() for model in MODELS} == dict.fromkeys(
        (model._meta.label for model in MODELS), 0
    )


@pytest.mark.django_db
def test_in_a_scope_no_query_returns_a_foreign_row(both: tuple[World, World]) -> None:
    own, foreign = both
    with tenant(foreign.id):
        foreign_ids = {model: list(model.objects.values_list("pk", flat=True)) for model in MODELS}
    with tenant(own.id):
        for model in MODELS:
            found = set(model.objects.all().values_list("partner_id", flat=True))
            assert found == {own.id}, model
            assert not model.objects.filter(pk__in=foreign_ids[model]).exists(), model
            assert not model.objects.filter(partner=foreign.id).exists(), model


@pytest.mark.django_db
def test_foreign_rows_cannot_be_updated_or_deleted(both: tuple[World, World]) -> None:
    own, foreign = both
    with tenant(foreign.id):
        before = {model: sorted(model.objects.values_list("pk", flat=True)) for model in MODELS}
    with tenant(own.id):
        for model in MODELS:
            for statement in ("UPDATE {} SET partner_id = %s WHERE partner_id = %s", "DELETE FROM {}"):
                parameters = [str(own.id), str(foreign.id)] if "UPDATE" in statement else []
                where = "" if parameters else " WHERE partner_id = %s"
                assert _changed(model, statement + where, parameters or [str(foreign.id)]) == 0, model
    with tenant(foreign.id):
        assert {model: sorted(model.objects.values_list("pk", flat=True)) for model in MODELS} == before


@pytest.mark.django_db
def test_own_rows_cannot_be_given_away(both: tuple[World, World]) -> None:
    own, foreign = both
    with tenant(own.id):
        for model in MODELS:
            with pytest.raises(DatabaseError, match=r"row-level security|permission denied"):
                _execute(model, "UPDATE {} SET partner_id = %s", [str(foreign.id)])


@pytest.mark.django_db
@pytest.mark.parametrize("scope", ["own", "none"])
def test_rows_that_name_another_partner_cannot_be_inserted(both: tuple[World, World], scope: str) -> None:
    own, foreign = both
    with tenant(foreign.id):
        rows = {model: _row(model) for model in MODELS}
    with _scope_of(own if scope == "own" else None):
        for model in MODELS:
            columns, values = rows[model]
            with pytest.raises(DatabaseError, match="violates row-level security policy"):
                _insert(model, columns, values)


@contextmanager
def _scope_of(world: World | None) -> Iterator[None]:
    if world is None:
        yield
        return
    with tenant(world.id):
        yield


@pytest.mark.django_db
def test_the_database_grants_no_more_than_each_model_declares(both: tuple[World, World]) -> None:
    own, _ = both
    with tenant(own.id):
        for model in MODELS:
            frozen = [
                field.column
                for field in model._meta.local_fields
                if model.updatable is not None and field.name not in model.updatable
            ]
            for column in frozen:
                with pytest.raises(DatabaseError, match="permission denied"):
                    _execute(model, f"UPDATE {{}} SET {column} = {column}", [])  # noqa: S608
            if not model.deletable:
                with pytest.raises(DatabaseError, match="permission denied"):
                    _execute(model, "DELETE FROM {}", [])
            with pytest.raises(DatabaseError, match="permission denied"):
                _execute(model, "TRUNCATE {} CASCADE", [])


@pytest.mark.django_db
def test_events_are_append_only(both: tuple[World, World]) -> None:
    labels = {model._meta.label: model for model in MODELS}
    assert labels["events.Event"].updatable == ()
    assert labels["events.Event"].deletable is False
    assert labels["events.EventDetail"].updatable == ()
    assert labels["events.EventDetail"].deletable, "erasing a person deletes the words about them"


@pytest.mark.django_db
def test_every_tenant_table_has_forced_row_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relkind = 'r'")
        walled = {name for (name,) in cursor.fetchall()}
    assert walled == {model._meta.db_table for model in MODELS}


def _execute(model: type[TenantModel], statement: str, parameters: list[Any]) -> int:
    """Runs a statement on the model's table, in a savepoint; returns how many rows it changed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(model._meta.db_table)), parameters)
        changed: int = cursor.rowcount
    return changed


def _changed(model: type[TenantModel], statement: str, parameters: list[Any]) -> int:
    """The same, where a refusal by the grants counts as nothing changed."""
    try:
        return _execute(model, statement, parameters)
    except DatabaseError as error:
        assert "permission denied" in str(error)  # noqa: PT017
        return 0


def _row(model: type[TenantModel]) -> tuple[list[str], list[Any]]:
    """Columns and values of a row of the open scope, under an id of its own."""
    found = model.objects.order_by("pk")[0]
    row = {str(field.column): getattr(found, field.attname) for field in model._meta.local_fields} | {"id": uuid7()}
    return list(row), [_bound(value) for value in row.values()]


def _bound(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    return Json(value) if isinstance(value, dict | list) else value


def _insert(model: type[TenantModel], columns: list[str], values: list[Any]) -> None:
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join([sql.Placeholder()] * len(values)),
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
