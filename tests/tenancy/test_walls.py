"""With the application's own filter taken off, the database alone keeps partners apart, on every tenant table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from django.db import DatabaseError, connection, connections, models, transaction
from django.test.utils import isolate_apps
from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor
from psycopg2.extras import Json

from customers.models import Customer
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy import walls
from partnerpanel.tenancy.database import APP, OWNER
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.walls import tenant_rows
from tests.people import Person
from tests.tenancy.rows import one_of_each
from tests.world import World

MODELS = sorted(tenant_rows(), key=lambda model: model._meta.label)


@pytest.fixture
def both(world: World, other_world: World, owner: Person, stranger: Person) -> tuple[World, World]:
    """Two partners with a row in every table each."""
    one_of_each(world, owner)
    one_of_each(other_world, stranger)
    return world, other_world


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


@pytest.mark.django_db(transaction=True)
def test_not_even_the_owner_of_the_tables_can_refer_to_another_partners_row(both: tuple[World, World]) -> None:
    own, foreign = both
    tried = 0
    with as_owner() as cursor:
        for model in MODELS:
            for field in model._meta.local_fields:
                if not isinstance(field, TenantForeignKey):
                    continue
                target: type[models.Model] = field.related_model
                foreign_id = _first_id(cursor, target, foreign.id)
                statement = sql.SQL("UPDATE {} SET {} = %s WHERE id = %s").format(
                    sql.Identifier(model._meta.db_table), sql.Identifier(field.column)
                )
                with pytest.raises(psycopg2.errors.ForeignKeyViolation):
                    cursor.execute(statement, [foreign_id, _first_id(cursor, model, own.id)])
                tried += 1
    assert tried > 10


@pytest.mark.django_db(transaction=True)
def test_no_row_can_belong_to_a_partner_that_does_not_exist(both: tuple[World, World]) -> None:
    own, _ = both
    with as_owner() as cursor:
        for model in MODELS:
            with pytest.raises(psycopg2.errors.ForeignKeyViolation):
                cursor.execute(
                    sql.SQL("UPDATE {} SET partner_id = %s WHERE id = %s").format(sql.Identifier(model._meta.db_table)),
                    [str(uuid7()), _first_id(cursor, model, own.id)],
                )


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


@pytest.mark.django_db(transaction=True, databases=[APP, OWNER])
@isolate_apps("customers")
def test_a_new_table_gets_its_walls(both: tuple[World, World], monkeypatch: pytest.MonkeyPatch) -> None:
    class Sketch(TenantModel):
        customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")

        class Meta(TenantModel.Meta):
            app_label = "customers"

    own, foreign = both
    owner = connections[OWNER]
    Sketch._meta.get_field("customer").remote_field.model = Customer  # type: ignore[union-attr]
    with owner.schema_editor() as editor:
        editor.create_model(Sketch)
    try:
        monkeypatch.setattr(walls, "tenant_rows", lambda: [Sketch])
        walls.build(owner)
        walls.build(owner)
        with tenant(foreign.id):
            theirs = Customer.objects.order_by("pk")[0]
        with tenant(own.id):
            Sketch(partner_id=own.id, customer=Customer.objects.order_by("pk")[0]).save()
            with pytest.raises(DatabaseError, match="violates foreign key"), transaction.atomic():
                Sketch(partner_id=own.id, customer=theirs).save()
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                Sketch(partner_id=foreign.id, customer=theirs).save()
            assert Sketch.objects.count() == 1
        assert Sketch.objects.count() == 0
    finally:
        with owner.schema_editor() as editor:
            editor.delete_model(Sketch)


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


def _first_id(cursor: Cursor, model: type[models.Model], partner_id: UUID) -> str:
    table = sql.Identifier(model._meta.db_table)
    cursor.execute(sql.SQL("SELECT id FROM {} WHERE partner_id = %s LIMIT 1").format(table), [str(partner_id)])
    found = cursor.fetchone()
    assert found is not None, model
    return str(found[0])


@contextmanager
def as_owner() -> Iterator[Cursor]:
    """A connection of the role that owns the tables; every statement is a transaction."""
    found = connections[OWNER].get_connection_params()
    wanted = {name: found[name] for name in ("dbname", "user", "password", "host", "port")}
    with closing(psycopg2.connect(**wanted)) as owner, owner.cursor() as cursor:
        owner.autocommit = True
        yield cursor
