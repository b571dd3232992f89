"""The customers' list and its export."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from customers.queries import lists
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.paging import InvalidCursor
from partnerpanel.panel import export, listing
from partnerpanel.panel.list_state import COLUMNS, SORTS, ListState
from partnerpanel.panel.page import PanelView


class Customers(PanelView):
    """The list in one tab. Its address is its state; a damaged cursor begins at the first page."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        visit, state = self.visit, ListState.read(request.GET)
        wanted = state.filter(visit.partner.pk)
        ask = {"sort": state.sort, "limit": listing.LIMIT, "now": visit.now, "zone": visit.zone}
        try:
            page = lists.customer_page(visit.partner.pk, wanted, cursor=state.cursor or None, **ask)  # type: ignore[arg-type]
        except InvalidCursor:
            page = lists.customer_page(visit.partner.pk, wanted, cursor=None, **ask)  # type: ignore[arg-type]
        counts = lists.tab_counts(visit.partner.pk, now=visit.now, zone=visit.zone)
        total = counts[state.tab]
        if state.is_narrowed:
            total = lists.count(visit.partner.pk, wanted, now=visit.now, zone=visit.zone)
        context = {
            "section": "customers",
            "state": state,
            "here": state.query(cursor=state.cursor),
            "tabs": listing.tabs(state, counts),
            "filters": listing.filters(visit, state),
            "rows": listing.rows(visit, page.rows),
            "previous_url": page.previous and state.query(cursor=page.previous),
            "next_url": page.next and state.query(cursor=page.next),
            "total": listing.count_text(total),
            "has_more": total > len(page.rows),
            "headings": _headings(state),
            "columns": [(name, text, name in state.columns) for name, text in COLUMNS.items()],
            "sorts": [(name, text, state.query(sort=name), name == state.sort) for name, text in SORTS.items()],
            "filter_query": state.query(),
        }
        return self.page("panel/customers/list.html", context)


def _headings(state: ListState) -> list[dict[str, Any]]:
    """The table's columns in the order of its cells: the monthly amount stands last, at the right."""
    chosen = sorted((name for name in COLUMNS if name in state.columns), key=lambda name: name == "monthly")
    return [
        {"text": _("Customer")},
        *({"text": COLUMNS[name], "end": name == "monthly"} for name in chosen),
        {"hidden_text": _("Actions")},
    ]


class ExportCustomers(PanelView):
    """Everything that the filters match, as CSV that no spreadsheet runs as formulas."""

    permission = Permission.EXPORT
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        text = export.customers_csv(self.visit, ListState.read(request.GET))
        name = f"customers-{self.visit.partner.slug}-{self.visit.now:%Y-%m-%d}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
