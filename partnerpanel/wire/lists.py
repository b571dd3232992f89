"""A page of a resource: filtered, by cursor, newest first."""

from __future__ import annotations

from collections.abc import Mapping

from partnerpanel.tenancy import keyset
from partnerpanel.wire.filters import InvalidFilter
from partnerpanel.wire.resources import Resource, Showing, Shown

LIMIT = 20
MOST = 100


def page_of(
    one: Resource, asked: Mapping[str, str], *, limit: int, cursor: str | None, showing: Showing
) -> dict[str, list[Shown] | str | None]:
    """`data`, and the cursors `next` and `previous`; in the open scope. Raises InvalidFilter, InvalidCursor."""
    rows = one.rows(showing.partner_id)
    for name, text in asked.items():
        if name not in one.filters:
            known = ", ".join(sorted([*one.filters, "cursor", "expand", "limit"]))
            raise InvalidFilter(f"`{name[:60]}` is no parameter of this list. It knows {known}.", field=name[:60])
        rows = one.filters[name].apply(rows, name, text)
    found = keyset.page(rows, key="id", descending=True, cursor=cursor, limit=limit)
    return {"data": one.show(showing, found.rows), "next": found.next, "previous": found.previous}


def read_limit(text: str | None) -> int:
    """How many rows a page has. Raises InvalidFilter."""
    if text is None:
        return LIMIT
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST:
        raise InvalidFilter(f"`limit` is a whole number from 1 to {MOST}.", field="limit")
    return int(text)
