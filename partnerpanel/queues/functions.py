"""`due_partners(queue, at)`: the only question asked across partners. It answers with their ids and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, connections
from psycopg2 import sql

from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.registry import Queue, all_queues
from partnerpanel.queues.rows import LONGEST_LEASE
from partnerpanel.tenancy.database import APP, OWNER


def due_partners(queue: str, *, now: datetime) -> list[UUID]:
    """Partners with something due in the queue; never those whose clock is moved by hand: twins, and pasts."""
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
        cursor.execute(_definition(queues))
        role = sql.Identifier(connections[APP].settings_dict["USER"])
        signature = "due_partners(text, timestamptz, timestamptz)"
        cursor.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        cursor.execute(sql.SQL(f"GRANT EXECUTE ON FUNCTION {signature} TO {{}}").format(role))


def _definition(queues: list[Queue]) -> sql.Composable:
    branch = sql.SQL(
        "WHEN {name} THEN RETURN QUERY SELECT p.id FROM tenancy_partner p WHERE p.twin_of_id IS NULL"
        " AND p.past_at IS NULL AND EXISTS ("
        "SELECT 1 FROM {table} w WHERE w.partner_id = p.id AND (w.due_at <= at OR w.due_at > at + {wait})"
        " AND w.parked_at IS NULL AND (w.leased_until IS NULL OR w.leased_until < system_at"
        " OR w.leased_until > system_at + {lease}));"
    )
    branches = [
        branch.format(
            name=sql.Literal(queue.name),
            table=sql.Identifier(queue.model._meta.db_table),
            wait=_interval(queue.model.longest_wait),
            lease=_interval(LONGEST_LEASE),
        )
        for queue in queues
    ]
    return sql.SQL(
        "CREATE OR REPLACE FUNCTION due_partners(queue text, at timestamptz, system_at timestamptz)"
        " RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp"
        " AS $$ BEGIN CASE queue {} ELSE RAISE EXCEPTION 'unknown queue %', queue; END CASE; END $$"
    ).format(sql.SQL(" ").join(branches))


def _interval(length: timedelta | None) -> sql.Composable:
    """Nothing is later than a NULL from now."""
    return sql.Literal(length) + sql.SQL("::interval")
