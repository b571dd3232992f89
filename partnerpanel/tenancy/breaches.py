"""Breaches in the third wall, found in the database's own catalogue and by trying, as the application's role."""

from __future__ import annotations

from django.db import connection, transaction
from psycopg2 import sql

from partnerpanel.tenancy.control_plane import TABLES
from partnerpanel.tenancy.scope import refuse_open_scope
from partnerpanel.tenancy.walls import tenant_rows

POLICY = "own_partner"
# Every table with a partner: how its row-level security stands, and which policies let the asking role through.
STATEMENT = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
    array(SELECT p.polname::text FROM pg_policy AS p WHERE p.polrelid = c.oid AND p.polpermissive
        AND EXISTS (SELECT FROM unnest(p.polroles) AS to_role (oid)
            WHERE to_role.oid = 0 OR pg_has_role(current_user, to_role.oid, 'USAGE'))),
    array(SELECT p.polname::text FROM pg_policy AS p WHERE p.polrelid = c.oid AND p.polcmd = '*'
        AND pg_get_expr(p.polqual, p.polrelid) LIKE '%%partner_id = %%app.partner_id%%'
        AND pg_get_expr(p.polwithcheck, p.polrelid) LIKE '%%partner_id = %%app.partner_id%%')
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'partner_id' AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> ALL (%s)
ORDER BY c.relname
"""
ROLE = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


def breaches() -> list[str]:
    """One sentence for each; empty while all stands. Raises ScopeError inside a scope, where nothing could be tried."""
    refuse_open_scope("A look at the walls")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.partner_id = ''")
        cursor.execute(ROLE)
        found = ["the application’s role bypasses row-level security"] if cursor.fetchone() == (True,) else []
        cursor.execute(STATEMENT, [sorted(TABLES)])
        standing = {name: rest for name, *rest in cursor.fetchall()}
        for table, (enabled, forced, admitting, own) in standing.items():
            if not enabled:
                found.append(f"{table}: row-level security is off")
            if not forced:
                found.append(f"{table}: row-level security is not forced")
            if POLICY not in own:
                found.append(f"{table}: no policy keeps it to the partner of the scope")
            found += [
                f"{table}: the policy {name} lets the application through" for name in admitting if name != POLICY
            ]
        for table in sorted(model._meta.db_table for model in tenant_rows()):
            if table not in standing:
                found.append(f"{table}: there is no such table")
                continue
            cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table)))
            if cursor.fetchone() == (True,):
                found.append(f"{table}: rows can be read without a partner’s scope")
    return found
