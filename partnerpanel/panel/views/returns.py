"""Money that goes back: the lists of refunds and of disputes, and what the gateway says of one of these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.disputes.states import RANK, DisputeStatus
from billing.queries.returns import (
    DisputeRow,
    DisputeTab,
    RefundTab,
    dispute_counts,
    dispute_page,
    dispute_row,
    refund_counts,
    refund_page,
)
from partnerpanel.actions.disputes import decide_dispute
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.ids import parse
from partnerpanel.kernel.paging import InvalidCursor, Page
from partnerpanel.panel.listing import LIMIT, count_text
from partnerpanel.panel.money_words import dispute_reason, refund_words
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.refund_forms import OUTCOMES, DisputeForm
from partnerpanel.panel.templatetags.formats import money_text
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.tenancy.scope import tenant

REFUND_TABS: Mapping[StrEnum, Any] = {
    RefundTab.ALL: gettext_lazy("All"),
    RefundTab.UNDER_WAY: gettext_lazy("Under way"),
    RefundTab.SUCCEEDED: gettext_lazy("Refunded"),
    RefundTab.FAILED: gettext_lazy("Failed"),
}
DISPUTE_TABS: Mapping[StrEnum, Any] = {
    DisputeTab.ALL: gettext_lazy("All"),
    DisputeTab.NEEDS_RESPONSE: gettext_lazy("Needs an answer"),
    DisputeTab.UNDER_REVIEW: gettext_lazy("Bank decides"),
    DisputeTab.WON: gettext_lazy("Won"),
    DisputeTab.LOST: gettext_lazy("Lost"),
}
EFFECTS: Mapping[str, Any] = {
    DisputeStatus.UNDER_REVIEW: gettext_lazy(
        "The bank decides within weeks. Until then nothing can be refunded of it."
    ),
    DisputeStatus.WON: gettext_lazy("The money stays here and can be refunded again."),
    DisputeStatus.LOST: gettext_lazy(
        "The money is taken from the books by a document of its own. It is no credit to the customer, and the invoice "
        "stays as it is."
    ),
}


class Refunds(PanelView):
    """The newest first. The address is the state; a damaged cursor begins at the first page."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        tab, page = _found(request, RefundTab.ALL, self._page)
        counts = refund_counts(self.visit.partner.pk)
        context = _list(request, tab, counts, REFUND_TABS, page) | {
            "rows": [(row, refund_words(row)) for row in page.rows],
            "headings": _headings(_("Refund"), _("Document"), _("Why"), _("Status"), _("Amount")),
        }
        return self.page("panel/refunds/list.html", context)

    def _page(self, tab: StrEnum, cursor: str | None) -> Page[Any]:
        return refund_page(self.visit.partner.pk, tab=RefundTab(tab), cursor=cursor, limit=LIMIT)


class Disputes(PanelView):
    """The same of payments that customers' banks take back."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        tab, page = _found(request, DisputeTab.ALL, self._page)
        counts = dispute_counts(self.visit.partner.pk)
        context = _list(request, tab, counts, DISPUTE_TABS, page) | {
            "rows": [(row, dispute_reason(row.reason)) for row in page.rows],
            "headings": _headings(_("Dispute"), _("Invoice"), _("Why"), _("Evidence due"), _("Status"), _("Amount")),
        }
        return self.page("panel/disputes/list.html", context)

    def _page(self, tab: StrEnum, cursor: str | None) -> Page[Any]:
        return dispute_page(self.visit.partner.pk, tab=DisputeTab(tab), cursor=cursor, limit=LIMIT)


class DisputePopup(MoneyPopup):
    """Evidence was sent, or the bank has decided: what the gateway says of one dispute."""

    permission = Permission.REFUND
    section: ClassVar[str] = "invoices"
    dispute_id: UUID
    dispute: DisputeRow

    def prepare(self, address: Mapping[str, str]) -> None:
        self.dispute_id = parse("dp", address["dispute"])
        with tenant(self.visit.partner.pk):
            self.dispute = dispute_row(self.visit.partner.pk, self.dispute_id)

    def form(self, data: Any = None) -> Form:
        before = RANK[DisputeStatus(self.dispute.status)]
        statuses = [(value, text) for value, text in OUTCOMES if RANK[DisputeStatus(value)] > before]
        return DisputeForm(data, statuses=statuses)

    def preview(self) -> dict[str, Any]:
        if not self.dispute.is_open:
            return {"summary": _("The bank has decided this dispute."), "no_mail": _("Nobody is mailed.")}
        return {
            "summary": _("Say what the gateway shows. Gateways that report by themselves need nobody for it."),
            "steps": [],
            "warnings": [str(EFFECTS[DisputeStatus.LOST])],
            "no_mail": _("Nobody is mailed."),
        }

    def carry_out(self, form: Form) -> str:
        status = DisputeStatus(form.cleaned_data["status"])
        decide_dispute(
            self.dispute_id, status, note=form.cleaned_data["note"], actor=self.visit.actor, now=self.visit.now
        )
        return str(EFFECTS[status])

    def words(self) -> dict[str, Any]:
        words = {"amount": money_text(self.dispute.amount), "name": self.dispute.customer_name}
        return {
            "title": _("Dispute of %(amount)s: %(name)s") % words,
            "subtitle": dispute_reason(self.dispute.reason),
            "submit": _("Yes, Record outcome"),
        }

    def back_url(self) -> str:
        return reverse("disputes", args=[self.visit.partner.slug])


def _found(
    request: HttpRequest, first: StrEnum, page: Callable[[StrEnum, str | None], Page[Any]]
) -> tuple[StrEnum, Page[Any]]:
    wanted = request.GET.get("tab", "")
    tab = type(first)(wanted) if wanted in set(type(first)) else first
    try:
        return tab, page(tab, request.GET.get("cursor") or None)
    except InvalidCursor:
        return tab, page(tab, None)


def _list(
    request: HttpRequest, tab: StrEnum, counts: Mapping[Any, int], names: Mapping[StrEnum, Any], page: Page[Any]
) -> dict[str, Any]:
    return {
        "section": "invoices",
        "here": _query(tab, request.GET.get("cursor", "")),
        "tabs": [
            {"text": names[one], "url": _query(one), "current": one is tab, "count": count_text(count)}
            for one, count in counts.items()
        ],
        "previous_url": page.previous and _query(tab, page.previous),
        "next_url": page.next and _query(tab, page.next),
        "total": count_text(counts[tab]),
    }


def _headings(*texts: str) -> list[dict[str, Any]]:
    return [{"text": text, "end": text == texts[-1]} for text in texts]


def _query(tab: StrEnum, cursor: str = "") -> str:
    pairs = {"tab": "" if tab.value == "all" else tab.value, "cursor": cursor}
    return "?" + urlencode({key: value for key, value in pairs.items() if value})
