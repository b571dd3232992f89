"""Payments: the list, each with its receipt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.queries.payment_list import PaymentTab, payment_counts, payment_page
from partnerpanel.kernel.ids import uuid7
from partnerpanel.panel.asked import asked
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
        partner_id, wanted = self.visit.partner.pk, asked(request, PaymentTab)
        search, days = wanted.search, wanted.days
        page = wanted.page(
            lambda cursor: payment_page(
                partner_id, tab=wanted.tab, search=search, days=days, cursor=cursor, limit=LIMIT
            )
        )
        counts = payment_counts(partner_id, search=search, days=days)
        context = wanted.context(page) | {
            "section": "invoices",
            "tabs": wanted.tabs(TABS, counts),
            "rows": [(row, way_text(row.source, row.method)) for row in page.rows],
            "total": count_text(counts[wanted.tab]),
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
