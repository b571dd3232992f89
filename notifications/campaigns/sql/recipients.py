"""A campaign's recipients, written by one statement, however many there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from psycopg2 import sql

from notifications.models import Message
from notifications.rules.kinds import MessageKind
from notifications.rules.states import MessageState

_HELD_OR_NOT = f"CASE chosen.reason WHEN '' THEN '{MessageState.HELD}' ELSE '{MessageState.LEFT_OUT}' END"
# Columns that are not the same for all; the others have one value, given or the model's default.
_OF_EACH: Mapping[str, str] = {
    "id": "gen_random_uuid()",
    "customer_id": "chosen.customer_id",
    "state": _HELD_OR_NOT,
    "left_out_because": "chosen.reason",
    "settled_at": "CASE chosen.reason WHEN '' THEN NULL ELSE %s::timestamptz END",
}


def write_recipients(customers: QuerySet[Any], *, partner_id: UUID, event_id: UUID, topic: str, now: datetime) -> int:
    """A message for each of the customers, which have their reason as `left_out`; returns how many are held.

    A second time it writes nobody: there is one message for event, kind and customer.
    """
    try:
        chosen, asked = customers.order_by().values_list("pk", "left_out").query.sql_with_params()
    except EmptyResultSet:
        return 0
    given = {
        "partner_id": partner_id,
        "event_id": event_id,
        "kind": MessageKind.CAMPAIGN.value,
        "topic": topic,
        "queued_at": now,
    }
    columns, heads, parameters = [], [], list[Any]()
    for field in Message._meta.concrete_fields:
        name = str(field.column)
        columns.append(sql.Identifier(name))
        if name in _OF_EACH:
            heads.append(sql.SQL(_OF_EACH[name]))
            parameters += [now] if name == "settled_at" else []
        else:
            heads.append(sql.SQL("%s::" + (field.db_type(connection) or "text").partition("(")[0]))
            parameters.append(given[name] if name in given else field.get_default())
    statement = sql.SQL(
        "WITH written AS (INSERT INTO {table} ({columns}) SELECT {heads}"
        " FROM ({chosen}) AS chosen (customer_id, reason)"
        " ON CONFLICT DO NOTHING RETURNING state) SELECT count(*) FROM written WHERE state = {held}"
    ).format(
        table=sql.Identifier(Message._meta.db_table),
        columns=sql.SQL(", ").join(columns),
        heads=sql.SQL(", ").join(heads),
        chosen=sql.SQL(chosen),
        held=sql.Literal(MessageState.HELD.value),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, *asked])
        [(held,)] = cursor.fetchall()
    return int(held)
