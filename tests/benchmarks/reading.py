"""How many rows the server reads for a piece of work: every query of it explained again, scan by scan.

What a query reads must not grow with how long a partner has been there; how long it takes on a busy machine says less.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from partnerpanel.tenancy.scope import tenant

EXPLAIN = "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) "


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan of one query: what it reads by which index, and how many rows."""

    relation: str
    how: str
    rows: int


def scans_of(partner_id: UUID, work: Callable[[], Any]) -> list[Scan]:
    """The scans of every query that the work asks and that changes nothing, in their order."""
    asked: list[tuple[str, Any]] = []

    def keep(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Mapping[str, Any]) -> Any:
        text = sql if isinstance(sql, str) else sql.as_string(connection.connection)
        if text.lstrip().upper().startswith(("SELECT", "WITH")) and not many:
            asked.append((text, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        work()
    found: list[Scan] = []
    for text, params in asked:
        with tenant(partner_id), connection.cursor() as cursor:
            cursor.execute(EXPLAIN + text, params)
            (answer,) = cursor.fetchone()
        plan = json.loads(answer) if isinstance(answer, str) else answer
        found += _scans(plan[0]["Plan"])
    return found


def _scans(node: Mapping[str, Any]) -> Iterator[Scan]:
    if "Relation Name" in node:
        loops = node.get("Actual Loops", 1)
        read = node.get("Actual Rows", 0) + node.get("Rows Removed by Filter", 0)
        read += node.get("Rows Removed by Index Recheck", 0)
        yield Scan(node["Relation Name"], node.get("Index Name", node["Node Type"]), round(read * loops))
    for child in node.get("Plans", ()):
        yield from _scans(child)
