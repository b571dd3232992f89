"""Payments: the list, each with its receipt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.queries.payment_list import PaymentTab, payment_counts, payment_page
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.paging import InvalidCursor
from partnerpanel.panel.listing import LIMIT, count_text
from partnerpanel.panel.money_words import way_text
from partnerpanel.panel.page import PanelView

TABS: Mapping[PaymentTab, Any] = {
    PaymentTab.ALL: gettext_lazy("All"),
    PaymentTab.CARD: gettext_lazy("Through the gateway"),
    PaymentTab.BY_HAND: gettext_lazy("Recorded by hand"),
    PaymentTab.RETURNED: gettext_lazy("Gone back"),
}


class Payments(PanelView):
    """The list in one tab. Its address is its state; a damaged cursor begins at the first page."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner_id = self.visit.partner.pk
        tab, search = payment_state(request)
        try:
            cursor = request.GET.get("cursor") or None
            page = payment_page(partner_id, tab=tab, search=search, cursor=cursor, limit=LIMIT)
        except InvalidCursor:
            page = payment_page(partner_id, tab=tab, search=search, cursor=None, limit=LIMIT)
        counts = payment_counts(partner_id, search=search)
        context = {
            "section": "invoices",
            "tab": tab.value,
            "search": search,
            "here": payment_query(tab, search, request.GET.get("cursor", "")),
            "query": payment_query(tab, search),
            "tabs": [
                {
                    "text": TABS[one],
                    "url": payment_query(one, search),
                    "current": one is tab,
                    "count": count_text(count),
                }
                for one, count in counts.items()
            ],
            "rows": [(row, way_text(row.source, row.method)) for row in page.rows],
            "previous_url": page.previous and payment_query(tab, search, page.previous),
            "next_url": page.next and payment_query(tab, search, page.next),
            "total": count_text(counts[tab]),
            "headings": [
                {"text": _("Invoice")},
                {"text": _("Customer")},
                {"text": _("Paid with")},
                {"text": _("Received")},
                {"text": _("Amount"), "end": True},
                {"text": _("Went back"), "end": True},
                {"hidden_text": _("Receipt")},
            ],
            "copy_key": uuid7(),
        }
        return self.page("panel/payments/list.html", context)


def payment_state(request: HttpRequest) -> tuple[PaymentTab, str]:
    """Tab and search of an address; what is not known is all."""
    wanted = request.GET.get("tab", "")
    tab = PaymentTab(wanted) if wanted in set(PaymentTab) else PaymentTab.ALL
    return tab, request.GET.get("q", "").replace("\x00", "").strip()[:40]


def payment_query(tab: PaymentTab, search: str, cursor: str = "") -> str:
    """The address of the list below its own page."""
    pairs = {"tab": "" if tab is PaymentTab.ALL else tab.value, "q": search, "cursor": cursor}
    return "?" + urlencode({key: value for key, value in pairs.items() if value})
