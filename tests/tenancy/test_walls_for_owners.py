"""Constraints hold for the owner of the tables too, whom row-level security does not bind; and for new tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from uuid import UUID

import psycopg2
import pytest
from django.db import DatabaseError, connections, models, transaction
from django.test.utils import isolate_apps
from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from customers.models import Customer
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy import walls
from partnerpanel.tenancy.database import APP, OWNER
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel
from partnerpanel.tenancy.scope import tenant
from tests.people import Person
from tests.tenancy.rows import one_of_each
from tests.tenancy.test_walls import MODELS
from tests.world import World


@pytest.fixture
def both(world: World, other_world: World, owner: Person, stranger: Person) -> tuple[World, World]:
    """Two partners with a row in every table each."""
    one_of_each(world, owner)
    one_of_each(other_world, stranger)
    return world, other_world


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
