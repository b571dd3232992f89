"""`due_partners(queue, at)`: the only question asked across partners. It answers with their ids and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, connections
from psycopg2 import sql

from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.registry import all_queues
from partnerpanel.tenancy.database import APP, OWNER


def due_partners(queue: str, *, now: datetime) -> list[UUID]:
    """Partners with something due in the queue; twins never, their clock is moved by hand."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT due_partners(%s, %s, %s)", [queue, now, system_now()])
        return [row[0] for row in cursor.fetchall()]


def build_after_migrate(using: str, **_: Any) -> None:
    """Receiver of post_migrate: makes the function anew for the queues that exist."""
    if using != OWNER:
        return
    with connections[OWNER].cursor() as cursor:
        existing = set(connections[OWNER].introspection.table_names(cursor))
        queues = [queue for queue in all_queues() if queue.model._meta.db_table in existing]
        cursor.execute(_definition([(queue.name, queue.model._meta.db_table) for queue in queues]))
        role = sql.Identifier(connections[APP].settings_dict["USER"])
        signature = "due_partners(text, timestamptz, timestamptz)"
        cursor.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        cursor.execute(sql.SQL(f"GRANT EXECUTE ON FUNCTION {signature} TO {{}}").format(role))


def _definition(queues: list[tuple[str, str]]) -> sql.Composable:
    branches = [
        sql.SQL(
            "WHEN {} THEN RETURN QUERY SELECT p.id FROM tenancy_partner p WHERE p.twin_of_id IS NULL AND EXISTS ("
            "SELECT 1 FROM {} w WHERE w.partner_id = p.id AND w.due_at <= at AND w.parked_at IS NULL"
            " AND (w.leased_until IS NULL OR w.leased_until < system_at));"
        ).format(sql.Literal(name), sql.Identifier(table))
        for name, table in queues
    ]
    return sql.SQL(
        "CREATE OR REPLACE FUNCTION due_partners(queue text, at timestamptz, system_at timestamptz)"
        " RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp"
        " AS $$ BEGIN CASE queue {} ELSE RAISE EXCEPTION 'unknown queue %', queue; END CASE; END $$"
    ).format(sql.SQL(" ").join(branches))
