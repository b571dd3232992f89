"""How the queues stand, over all partners: numbers and instants, never a row, an id or a name.

Twins are left out, as they are by the sweep: their clocks stand still.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, connections
from psycopg2 import sql

from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.registry import all_queues
from partnerpanel.tenancy.database import APP, OWNER


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """`due` may be taken now; `oldest_at` is since when; `expired` were taken and never brought back."""

    due: int
    oldest_at: datetime | None
    parked: int
    expired: int


def queue_health(*, now: datetime) -> dict[str, QueueHealth]:
    """By queue."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT queue, due, oldest_at, parked, expired FROM queue_health(%s, %s)", [now, system_now()])
        return {name: QueueHealth(*rest) for name, *rest in cursor.fetchall()}


def partners_not_charging() -> int:
    """How many partners have stopped charging with their own switch."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT partners_not_charging()")
        (count,) = cursor.fetchone()
        return int(count)


def build_after_migrate(using: str, **_: Any) -> None:
    """Receiver of post_migrate: makes both anew for the tables that exist, and what readiness reads readable."""
    if using != OWNER:
        return
    role = sql.Identifier(connections[APP].settings_dict["USER"])
    switch = apps.get_model("billing", "ChargingSwitch")._meta.db_table
    with connections[OWNER].cursor() as cursor:
        existing = set(connections[OWNER].introspection.table_names(cursor))
        tables = [(q.name, q.model._meta.db_table) for q in all_queues() if q.model._meta.db_table in existing]
        if not tables or switch not in existing:
            return
        for _name, table in tables:
            index, of = sql.Identifier(f"{table}_parked"), sql.Identifier(table)
            cursor.execute(
                sql.SQL("CREATE INDEX IF NOT EXISTS {} ON {} (partner_id) WHERE parked_at IS NOT NULL").format(
                    index, of
                )
            )
        cursor.execute(_queue_health(tables))
        cursor.execute(_partners_not_charging(switch))
        for signature in ("queue_health(timestamptz, timestamptz)", "partners_not_charging()"):
            cursor.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
            cursor.execute(sql.SQL(f"GRANT EXECUTE ON FUNCTION {signature} TO {{}}").format(role))
        cursor.execute(sql.SQL("GRANT SELECT ON django_migrations TO {}").format(role))


def _queue_health(tables: list[tuple[str, str]]) -> sql.Composable:
    # Partner by partner, because that is how the index of due work begins.
    row = (
        "SELECT {name}::text, coalesce(sum(d.due), 0)::bigint, min(d.oldest_at),"
        " (SELECT count(*) FROM {table} w JOIN tenancy_partner o ON o.id = w.partner_id"
        " WHERE w.parked_at IS NOT NULL AND o.twin_of_id IS NULL),"
        " coalesce(sum(d.expired), 0)::bigint"
        " FROM tenancy_partner p CROSS JOIN LATERAL ("
        "SELECT count(*) AS due, min(w.due_at) AS oldest_at, count(w.leased_until) AS expired FROM {table} w"
        " WHERE w.partner_id = p.id AND w.due_at <= now_at AND w.parked_at IS NULL"
        " AND (w.leased_until IS NULL OR w.leased_until < system_at)) d WHERE p.twin_of_id IS NULL"
    )
    rows = [sql.SQL(row).format(name=sql.Literal(name), table=sql.Identifier(table)) for name, table in tables]
    return sql.SQL(
        "CREATE OR REPLACE FUNCTION queue_health(now_at timestamptz, system_at timestamptz) RETURNS TABLE"
        " (queue text, due bigint, oldest_at timestamptz, parked bigint, expired bigint)"
        " LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$ {} $$"
    ).format(sql.SQL(" UNION ALL ").join(rows))


def _partners_not_charging(switch: str) -> sql.Composable:
    return sql.SQL(
        "CREATE OR REPLACE FUNCTION partners_not_charging() RETURNS bigint"
        " LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$"
        " SELECT count(*) FROM {} s JOIN tenancy_partner p ON p.id = s.partner_id WHERE p.twin_of_id IS NULL $$"
    ).format(sql.Identifier(switch))
