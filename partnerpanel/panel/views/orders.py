"""Orders of the checkout: the list, and the same as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from partnerpanel.actions.checkout.order_list import OrderRow, OrderTab, Wished, order_counts, order_page
from partnerpanel.actions.checkout.representations import CHECKOUT
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.ids import public
from partnerpanel.panel.asked import Asked, asked
from partnerpanel.panel.listing import LIMIT, count_text
from partnerpanel.panel.order_words import TABS, state_code, visitor_text
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.statuses import look
from partnerpanel.panel.streamed import PART, streamed_csv

LONGEST_ADDRESS = 254


class _OrderView(PanelView):
    """The address is the state; a damaged cursor begins at the first page."""

    http_method_names = ["get", "head"]

    def asked(self) -> tuple[Asked[OrderTab], Wished]:
        wanted = asked(self.request, OrderTab, longest=LONGEST_ADDRESS)
        return wanted, Wished(self.visit.zone, wanted.search, wanted.days)


class Orders(_OrderView):
    """Those in one tab, the last begun first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        partner_id, (wanted, wished) = self.visit.partner.pk, self.asked()
        page = wanted.page(lambda cursor: order_page(partner_id, wished, tab=wanted.tab, cursor=cursor, limit=LIMIT))
        counts = order_counts(partner_id, wished)
        context = wanted.context(page) | {
            "section": "orders",
            "longest": LONGEST_ADDRESS,
            "tabs": wanted.tabs(TABS, counts),
            "rows": [(row, state_code(row.state), visitor_text(row)) for row in page.rows],
            "total": count_text(counts[wanted.tab]),
            "headings": _headings(),
        }
        return self.page("panel/orders/list.html", context)


class OrdersExport(_OrderView):
    """A file that is read while it is sent."""

    permission = Permission.EXPORT
    reads_in_scope = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        partner_id, (wanted, wished) = self.visit.partner.pk, self.asked()
        who = [_("Name"), _("E-mail"), _("Address of the visitor"), _("Browser")]
        what = [_("Plan"), _("Quantity"), _("Currency"), _("Amount")]
        return streamed_csv(
            partner_id,
            f"orders-{self.visit.partner.slug}-{self.visit.now:%Y-%m-%d}.csv",
            ["id", _("State"), "customer", "subscription", *who, *what, _("Begun")],
            lambda cursor: order_page(partner_id, wished, tab=wanted.tab, cursor=cursor, limit=PART),
            _cells,
        )


def _headings() -> list[Mapping[str, Any]]:
    return [
        {"text": _("Who orders")},
        {"text": _("Plan")},
        {"text": _("State")},
        {"text": _("Visitor")},
        {"text": _("Begun")},
        {"text": _("Amount"), "end": True},
    ]


def _cells(row: OrderRow) -> tuple[object, ...]:
    customer = public("cus", row.customer_id) if row.customer_id else ""
    subscription = public("sub", row.subscription_id) if row.subscription_id else ""
    who = (customer, subscription, row.name, row.email, row.address, row.agent)
    amount = (row.due.currency, row.due.major) if row.due is not None else ("", "")
    state = look(state_code(row.state)).text
    return (public(CHECKOUT, row.id), state, *who, row.plan, row.quantity, *amount, row.opened_at.isoformat())
