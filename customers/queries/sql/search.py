"""`search_customers(…)`: free text under row-level security.

ILIKE is not leakproof, so behind a policy it would not use its index. One SECURITY DEFINER function takes the partner
from the scope's setting, as the policy does, and returns ids. It is planned anew for each text: what suits a rare one
reads 100,000 rows for a common one, and the other way round.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection, connections
from django.db.models import UUIDField
from django.db.models.expressions import RawSQL
from psycopg2 import sql

from customers.rules.keys import email_key, search_key
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse
from partnerpanel.tenancy.database import APP, OWNER

MOST = 1_000
# Trigrams need three letters; below that only beginnings are found.
SHORT = 3

_SIGNATURE = "search_customers(text, text, text, uuid, int)"
_MATCHES = """
    c.partner_id = nullif(current_setting('app.partner_id', true), '')::uuid
    AND (c.name_key LIKE name_pattern OR c.email_key LIKE email_pattern OR c.external_id = own_number OR c.id = wanted)
"""
# What few customers hold is found by its letters and then put in order. What very many hold is met soon on a walk in
# the order of names; for few, that walk would read everybody, and the planner cannot tell the two apart.
_DEFINITION = f"""
CREATE OR REPLACE FUNCTION search_customers(
    name_pattern text, email_pattern text, own_number text, wanted uuid, most int)
RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    many CONSTANT int := 5 * most;
    found_ids uuid[];
BEGIN
    SELECT array_agg(f.id ORDER BY f.name_key, f.id) INTO found_ids
    FROM (SELECT c.id, c.name_key FROM customers_customer c WHERE {_MATCHES} LIMIT many) AS f;
    IF coalesce(cardinality(found_ids), 0) < many THEN
        RETURN QUERY SELECT unnest(found_ids[1:most]);
    ELSE
        RETURN QUERY SELECT c.id FROM customers_customer c WHERE {_MATCHES} ORDER BY c.name_key, c.id LIMIT most;
    END IF;
END $$
"""  # noqa: S608 - all of it is text of our own
_CALL = "SELECT search_customers(%s, %s, %s, %s, %s)"


def search_ids(text: str) -> list[UUID]:
    """Customers of the open scope whose name or address holds the text, or whose id or own number it is.

    The first MOST of them by name.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CALL, _arguments(text))
        return [row[0] for row in cursor.fetchall()]


def search_query(text: str) -> RawSQL:
    """The same as part of a statement: a thousand ids need not travel twice."""
    return RawSQL(_CALL, _arguments(text), output_field=UUIDField())  # noqa: S611 - every value is a parameter


def _arguments(text: str) -> list[Any]:
    # No statement may hold a NUL; what stands for it is in no text of the database either.
    text = text.strip().replace("\x00", "\ufffe")
    within = "%" if len(text) >= SHORT else ""
    try:
        id_ = parse("cus", text)
    except NotFound:
        id_ = None
    name, email = _literal(search_key(text)), _literal(email_key(text))
    return [f"{within}{name}%", f"{within}{email}%", text, id_, MOST]


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
