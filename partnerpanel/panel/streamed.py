"""CSV files that are sent as they are read: each part in a scope of its own, so no transaction lasts for a download."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.http import StreamingHttpResponse
from django.utils.translation import get_language, override

from partnerpanel.kernel.paging import Page
from partnerpanel.panel.export import csv_text
from partnerpanel.tenancy.scope import tenant

PART = 1_000
BYTE_ORDER_MARK = "\ufeff"

Row = Sequence[object]


def streamed_csv(
    partner_id: UUID,
    name: str,
    header: Row,
    page: Callable[[str | None], Page[Any]],
    cells: Callable[[Any], Row],
) -> StreamingHttpResponse:
    """All pages from the first on. `page` reads the one that a cursor names, in the partner's scope; `cells` says a row
    in text, dates and numbers as programs read them. Formulas are escaped."""
    parts = _parts(partner_id, header, page, cells, get_language())
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8", headers=headers)


def _parts(
    partner_id: UUID,
    header: Row,
    page: Callable[[str | None], Page[Any]],
    cells: Callable[[Any], Row],
    language: str | None,
) -> Iterator[str]:
    """The response is sent after the request's own language is gone."""
    yield csv_text(header, ())
    cursor: str | None = None
    while True:
        with override(language):
            with tenant(partner_id):
                found = page(cursor)
                rows = [cells(row) for row in found.rows]
            yield csv_text(rows[0], rows[1:]).removeprefix(BYTE_ORDER_MARK) if rows else ""
        if found.next is None:
            return
        cursor = found.next
