"""`empty_test_mode()`: deletes all rows of the twin whose scope is open, and refuses every other partner.

The application may not delete what is append-only, so the tables' owner does it, for a test mode alone. The function
takes the partner from the scope and no argument, so it cannot be pointed at anybody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import TopologicalSorter
from typing import Any

from django.db import connection, connections
from psycopg2 import sql

from partnerpanel.tenancy.database import APP, OWNER
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel
from partnerpanel.tenancy.scope import current_partner
from partnerpanel.tenancy.walls import NAMED, tenant_rows


def empty_test_mode() -> None:
    """In the open scope of a twin. Raises ProgrammingError in any other partner's scope; then nothing is deleted."""
    current_partner()
    with connection.cursor() as cursor:
        cursor.execute("SELECT empty_test_mode()")


def build_after_migrate(using: str, **_: Any) -> None:
    """Receiver of post_migrate: makes the function anew for the tables that exist."""
    if using != OWNER:
        return
    with connections[OWNER].cursor() as cursor:
        existing = set(connections[OWNER].introspection.table_names(cursor))
        models = [model for model in tenant_rows() if model._meta.db_table in existing]
        cursor.execute(_definition(_referring_first(models)))
        role = sql.Identifier(connections[APP].settings_dict["USER"])
        cursor.execute("REVOKE ALL ON FUNCTION empty_test_mode() FROM PUBLIC")
        cursor.execute(sql.SQL("GRANT EXECUTE ON FUNCTION empty_test_mode() TO {}").format(role))


def _referring_first(models: Iterable[type[TenantModel]]) -> list[str]:
    """Tables in the order in which their rows can go: whoever refers before what it refers to."""
    order: TopologicalSorter[str] = TopologicalSorter()
    for model in models:
        table = model._meta.db_table
        order.add(table)
        for field in model._meta.local_fields:
            if isinstance(field, TenantForeignKey) and (referred := field.remote_field.model._meta.db_table) != table:
                order.add(referred, table)
    return list(order.static_order())


def _definition(tables: Iterable[str]) -> sql.Composable:
    deletes = [sql.SQL("DELETE FROM {} WHERE partner_id = named;").format(sql.Identifier(table)) for table in tables]
    return sql.SQL(
        "CREATE OR REPLACE FUNCTION empty_test_mode() RETURNS void LANGUAGE plpgsql SECURITY DEFINER"
        f" SET search_path = public, pg_temp AS $$ DECLARE named uuid := {NAMED}; BEGIN"
        " PERFORM FROM tenancy_partner WHERE id = named AND twin_of_id IS NOT NULL FOR UPDATE;"
        " IF NOT FOUND THEN RAISE EXCEPTION 'only a test mode can be emptied' USING ERRCODE = '42501'; END IF;"
        " {} END $$"
    ).format(sql.SQL(" ").join(deletes))
