"""The tabs that invoices and credit notes share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.queries.invoice_list import InvoiceTab
from partnerpanel.panel.asked import Asked
from partnerpanel.panel.listing import count_text

TABS: Mapping[InvoiceTab, Any] = {
    InvoiceTab.ALL: gettext_lazy("All"),
    InvoiceTab.OPEN: gettext_lazy("Open"),
    InvoiceTab.PAID: gettext_lazy("Paid"),
    InvoiceTab.VOID: gettext_lazy("Void"),
    InvoiceTab.UNCOLLECTIBLE: gettext_lazy("Given up"),
}


def document_tabs(
    slug: str, wanted: Asked[Any], invoices: Mapping[InvoiceTab, int], notes: int, *, current: InvoiceTab | None
) -> list[dict[str, Any]]:
    """Invoices by their state, then credit notes; `current` None is the credit notes'. Search and days go along."""
    of_invoices = Asked(current or InvoiceTab.ALL, wanted.search, wanted.days)
    return [
        *of_invoices.tabs(TABS, invoices, below=reverse("invoices", args=[slug]), current=current is not None),
        {
            "text": _("Credit notes"),
            "url": reverse("credit-notes", args=[slug]) + of_invoices.address(tab=InvoiceTab.ALL),
            "current": current is None,
            "count": count_text(notes),
        },
        *returns_tabs(slug, current=""),
    ]


def returns_tabs(slug: str, *, current: str) -> list[dict[str, Any]]:
    """The lists of money that comes and goes; `current` names the address of one of them."""
    names = (("payments", _("Payments")), ("refunds", _("Refunds")), ("disputes", _("Disputes")))
    return [{"text": text, "url": reverse(name, args=[slug]), "current": name == current} for name, text in names]
