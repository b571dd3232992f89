"""`due_partners(queue, at)`: the only question asked across partners. It answers with their ids and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, connections
from psycopg2 import sql

from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.registry import Queue, all_queues
from partnerpanel.queues.rows import LONGEST_LEASE, DueModel
from partnerpanel.tenancy.database import APP, OWNER


def due_partners(queue: str, *, now: datetime) -> list[UUID]:
    """Partners with something due in the queue; never those whose clock is moved by hand: twins, and pasts.

    A queue of the system's clock has twins too.
    """
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
        "WHEN {name} THEN RETURN QUERY SELECT p.id FROM tenancy_partner p WHERE {whose} AND EXISTS ("
        "SELECT 1 FROM {table} w WHERE w.partner_id = p.id AND (w.due_at <= at OR {too_late})"
        " AND w.parked_at IS NULL AND (w.leased_until IS NULL OR w.leased_until < system_at"
        " OR w.leased_until > system_at + {lease}));"
    )
    branches = [
        branch.format(
            name=sql.Literal(queue.name),
            whose=sql.SQL("p.past_at IS NULL" if queue.system_clock else "p.twin_of_id IS NULL AND p.past_at IS NULL"),
            table=sql.Identifier(queue.model._meta.db_table),
            too_late=_too_late(queue.model),
            lease=_interval(LONGEST_LEASE),
        )
        for queue in queues
    ]
    return sql.SQL(
        "CREATE OR REPLACE FUNCTION due_partners(queue text, at timestamptz, system_at timestamptz)"
        " RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp"
        " AS $$ BEGIN CASE queue {} ELSE RAISE EXCEPTION 'unknown queue %', queue; END CASE; END $$"
    ).format(sql.SQL(" ").join(branches))


def _too_late(model: type[DueModel]) -> sql.Composable:
    """Whether a row waits for longer than any does: a clock was put back since it was written."""
    ends = sql.SQL("w.due_at > at + {}")
    found = ends.format(_interval(model.longest_wait))
    longer = model.waits_longer
    if longer is None:
        return found
    other = sql.SQL("w.{} <> {}").format(sql.Identifier(longer.column), sql.Literal(longer.value))
    return sql.SQL("({} AND ({} OR {}))").format(found, other, ends.format(_interval(longer.longest)))


def _interval(length: timedelta | None) -> sql.Composable:
    """Nothing is later than a NULL from now."""
    return sql.Literal(length) + sql.SQL("::interval")
