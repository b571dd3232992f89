"""The tabs that invoices and credit notes share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.queries.invoice_list import InvoiceTab
from partnerpanel.panel.listing import count_text

TABS: Mapping[InvoiceTab, Any] = {
    InvoiceTab.ALL: gettext_lazy("All"),
    InvoiceTab.OPEN: gettext_lazy("Open"),
    InvoiceTab.PAID: gettext_lazy("Paid"),
    InvoiceTab.VOID: gettext_lazy("Void"),
    InvoiceTab.UNCOLLECTIBLE: gettext_lazy("Given up"),
}


def document_tabs(
    slug: str, invoices: Mapping[InvoiceTab, int], notes: int, *, search: str, current: InvoiceTab | None
) -> list[dict[str, Any]]:
    """Invoices by their state, then credit notes; `current` None is the credit notes'."""
    here, there = reverse("invoices", args=[slug]), reverse("credit-notes", args=[slug])
    tabs = [
        {
            "text": TABS[tab],
            "url": here + invoice_query(tab, search),
            "current": tab is current,
            "count": count_text(count),
        }
        for tab, count in invoices.items()
    ]
    query = f"?{urlencode({'q': search})}" if search else ""
    return [
        *tabs,
        {"text": _("Credit notes"), "url": there + query, "current": current is None, "count": count_text(notes)},
        *returns_tabs(slug, current=""),
    ]


def returns_tabs(slug: str, *, current: str) -> list[dict[str, Any]]:
    """The lists of money that comes and goes; `current` names the address of one of them."""
    names = (("payments", _("Payments")), ("refunds", _("Refunds")), ("disputes", _("Disputes")))
    return [{"text": text, "url": reverse(name, args=[slug]), "current": name == current} for name, text in names]


def invoice_query(tab: InvoiceTab, search: str, cursor: str = "") -> str:
    """The address of a list of invoices below its own page."""
    pairs = {"tab": "" if tab is InvoiceTab.ALL else tab.value, "q": search, "cursor": cursor}
    return "?" + urlencode({key: value for key, value in pairs.items() if value})
