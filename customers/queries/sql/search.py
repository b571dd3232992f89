"""`search_customers(…)`: free text under row-level security.

ILIKE is not leakproof, so behind a policy it would not use its index. One SECURITY DEFINER function takes the partner
from the scope's setting, as the policy does, and returns ids.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection, connections
from psycopg2 import sql

from customers.rules.keys import email_key, search_key
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse
from partnerpanel.tenancy.database import APP, OWNER

MOST = 1_000
# Trigrams need three letters; below that only beginnings are found.
SHORT = 3

_SIGNATURE = "search_customers(text, text, text, uuid, int)"
_DEFINITION = """
CREATE OR REPLACE FUNCTION search_customers(
    name_pattern text, email_pattern text, own_number text, wanted uuid, most int)
RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id FROM customers_customer c
    WHERE c.partner_id = nullif(current_setting('app.partner_id', true), '')::uuid
      AND (c.name_key LIKE name_pattern OR c.email_key LIKE email_pattern
           OR c.external_id = own_number OR c.id = wanted)
    LIMIT most
$$
"""


def search_ids(text: str) -> list[UUID]:
    """Customers of the open scope whose name or address holds the text, or whose id or own number it is.

    At most MOST of them, in no order.
    """
    text = text.strip()
    if "\x00" in text:  # no text in the database has one, nor may a query
        return []
    within = "%" if len(text) >= SHORT else ""
    try:
        id_ = parse("cus", text)
    except NotFound:
        id_ = None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT search_customers(%s, %s, %s, %s, %s)",
            [
                f"{within}{_literal(search_key(text))}%",
                f"{within}{_literal(email_key(text))}%",
                text,
                id_,
                MOST,
            ],
        )
        return [row[0] for row in cursor.fetchall()]


def build_after_migrate(using: str, **_: Any) -> None:
    """Receiver of post_migrate: makes the function anew."""
    if using != OWNER:
        return
    role = sql.Identifier(connections[APP].settings_dict["USER"])
    with connections[OWNER].cursor() as cursor:
        if "customers_customer" not in connections[OWNER].introspection.table_names(cursor):
            return
        cursor.execute(_DEFINITION)
        cursor.execute(f"REVOKE ALL ON FUNCTION {_SIGNATURE} FROM PUBLIC")
        cursor.execute(sql.SQL(f"GRANT EXECUTE ON FUNCTION {_SIGNATURE} TO {{}}").format(role))


def _literal(text: str) -> str:
    """The text with LIKE's own signs made plain."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
