"""The second and third wall, made after every migration for new tables too.

Second: composite constraints, so that a reference to another partner's row cannot exist. Third: row-level security,
so that the application's role sees and writes the rows of the named partner alone. Grants say what it may do at all.
Everything here is safe to repeat.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2 import sql

from partnerpanel.tenancy.control_plane import READ_ONLY, TABLES
from partnerpanel.tenancy.database import APP, OWNER
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel, columns_of

NAMED = "nullif(current_setting('app.partner_id', true), '')::uuid"


def build_after_migrate(using: str, **_: Any) -> None:
    """Receiver of post_migrate: runs once, when all apps are migrated."""
    if using == OWNER:
        build(connections[OWNER])


def build(owner: BaseDatabaseWrapper) -> None:
    """Makes walls and grants for every table that exists, in one transaction, as the owner of the tables."""
    role = connections[APP].settings_dict["USER"]
    with transaction.atomic(using=owner.alias), owner.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        existing = set(owner.introspection.table_names(cursor))
        tenant_models = [model for model in tenant_rows() if model._meta.db_table in existing]
        for model in tenant_models:
            for statement in [*_row_security(model, owner), *_grants(model, role)]:
                cursor.execute(statement)
        for model in tenant_models:
            _constrain(cursor, model)
        for table in sorted(TABLES & existing):
            what = "SELECT" if table in READ_ONLY else "SELECT, INSERT, UPDATE, DELETE"
            cursor.execute(_grant(what, table, role))
        cursor.execute(_sequences(role))


def tenant_rows() -> list[type[TenantModel]]:
    """Every tenant model that has a table."""
    return [m for m in apps.get_models(include_auto_created=True) if issubclass(m, TenantModel) and m._meta.managed]


def _row_security(model: type[TenantModel], owner: BaseDatabaseWrapper) -> Iterator[sql.Composable]:
    table = sql.Identifier(model._meta.db_table)
    yield sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(table)
    yield sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(table)
    yield sql.SQL("DROP POLICY IF EXISTS own_partner ON {}").format(table)
    yield sql.SQL(
        f"CREATE POLICY own_partner ON {{}} USING (partner_id = {NAMED}) WITH CHECK (partner_id = {NAMED})"
    ).format(table)
    # Where nobody may grant BYPASSRLS, the owner gets a policy of its own.
    yield sql.SQL("DROP POLICY IF EXISTS owner_sees_all ON {}").format(table)
    yield sql.SQL("CREATE POLICY owner_sees_all ON {} TO {} USING (true) WITH CHECK (true)").format(
        table, sql.Identifier(owner.settings_dict["USER"])
    )


def _grants(model: type[TenantModel], role: str) -> Iterator[sql.Composable]:
    table = model._meta.db_table
    yield sql.SQL("REVOKE ALL ON {} FROM {}").format(sql.Identifier(table), sql.Identifier(role))
    yield _grant("SELECT, INSERT", table, role)
    if model.deletable:
        yield _grant("DELETE", table, role)
    if model.updatable is None:
        yield _grant("UPDATE", table, role)
    elif model.updatable:
        columns = [str(field.column) for field in columns_of(model, model.updatable)]
        yield sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(
            sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(table), sql.Identifier(role)
        )


def _grant(what: str, table: str, role: str) -> sql.Composable:
    return sql.SQL(f"GRANT {what} ON {{}} TO {{}}").format(sql.Identifier(table), sql.Identifier(role))


def _sequences(role: str) -> sql.Composable:
    return sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(sql.Identifier(role))


def _constrain(cursor: Any, model: type[TenantModel]) -> None:
    """The partner's existence, and for each reference inside the partner a key over both columns."""
    table = model._meta.db_table
    _add(cursor, table, _name("partner", table), "FOREIGN KEY (partner_id) REFERENCES tenancy_partner (id)")
    for field in model._meta.local_fields:
        if isinstance(field, TenantForeignKey):
            referred = field.remote_field.model._meta.db_table
            _add(cursor, referred, _name("tenant", referred), "UNIQUE (partner_id, id)")
            key = sql.SQL("FOREIGN KEY (partner_id, {}) REFERENCES {} (partner_id, id)").format(
                sql.Identifier(field.column), sql.Identifier(referred)
            )
            _add(cursor, table, _name("tenant", table, field.column), key)


def _add(cursor: Any, table: str, name: str, definition: str | sql.Composable) -> None:
    cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s AND conrelid = %s::regclass", [name, f'"{table}"'])
    if cursor.fetchone() is None:
        body = sql.SQL(definition) if isinstance(definition, str) else definition
        cursor.execute(
            sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(sql.Identifier(table), sql.Identifier(name), body)
        )


def _name(kind: str, *parts: str) -> str:
    """A constraint's name within PostgreSQL's 63 bytes, stable and unique."""
    name = "_".join([kind, *parts])
    return name if len(name) <= 60 else f"{name[:51]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"
