"""Keyset paging on querysets: the same speed at any depth, and no row twice while others come and go."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Q

from partnerpanel.kernel.paging import Cursor, InvalidCursor, Page
from partnerpanel.tenancy.rows import Row_co, TenantQuerySet


def page(
    rows: TenantQuerySet[Row_co], *, key: str, descending: bool = False, cursor: str | None, limit: int
) -> Page[Row_co]:
    """One page ordered by the column `key` and the id. Raises InvalidCursor."""
    start = Cursor.decode(cursor) if cursor else None
    backwards = start is not None and start.backwards
    falling = descending != backwards
    if start is not None:
        rows = rows.filter(_beyond(rows, key, start, falling=falling))
    sign = "-" if falling else ""
    found = list(rows.order_by(f"{sign}{key}", f"{sign}id")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()
    if not found:
        return Page([])
    has_previous = more if backwards else start is not None
    has_next = more or backwards
    return Page(
        found,
        previous=_cursor(found[0], key, backwards=True) if has_previous else None,
        next=_cursor(found[-1], key, backwards=False) if has_next else None,
    )


def _beyond(rows: TenantQuerySet[Row_co], key: str, start: Cursor, *, falling: bool) -> Q:
    try:
        value: Any = rows.model._meta.get_field(key).to_python(start.key)  # type: ignore[union-attr]
        id_ = UUID(start.id)
        if isinstance(value, datetime) and value.utcoffset() != timedelta():  # ours are in UTC
            raise ValueError(start.key)
    except (ValidationError, ValueError, FieldDoesNotExist):
        raise InvalidCursor(
            "This page's address is damaged; start again from the first page.", field="cursor"
        ) from None
    side = "lt" if falling else "gt"
    # `<=` lets the index find the place; the rest settles ties by id.
    return Q(**{f"{key}__{side}e": value}) & (Q(**{f"{key}__{side}": value}) | Q(**{f"id__{side}": id_}))


def _cursor(row: Any, key: str, *, backwards: bool) -> str:
    value = getattr(row, key)
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return Cursor(text, str(row.pk), backwards).encode()
