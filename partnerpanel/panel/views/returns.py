"""Money that goes back: the lists of refunds and of disputes, and what the gateway says of one of these."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, TypeVar
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
from partnerpanel.kernel.paging import Page
from partnerpanel.panel.asked import Asked, asked
from partnerpanel.panel.listing import LIMIT, count_text
from partnerpanel.panel.money_words import dispute_reason, refund_words
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.refund_forms import OUTCOMES, DisputeForm
from partnerpanel.panel.templatetags.formats import money_text
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.tenancy.scope import tenant

T = TypeVar("T", bound=StrEnum)

REFUND_TABS: Mapping[RefundTab, Any] = {
    RefundTab.ALL: gettext_lazy("All"),
    RefundTab.UNDER_WAY: gettext_lazy("Under way"),
    RefundTab.SUCCEEDED: gettext_lazy("Refunded"),
    RefundTab.FAILED: gettext_lazy("Failed"),
}
DISPUTE_TABS: Mapping[DisputeTab, Any] = {
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
        partner_id, wanted = self.visit.partner.pk, asked(request, RefundTab)
        page = wanted.page(lambda cursor: refund_page(partner_id, tab=wanted.tab, cursor=cursor, limit=LIMIT))
        context = _list(wanted, page, REFUND_TABS, refund_counts(partner_id)) | {
            "rows": [(row, refund_words(row)) for row in page.rows],
            "headings": _headings(_("Refund"), _("Document"), _("Why"), _("Status"), _("Amount")),
        }
        return self.page("panel/refunds/list.html", context)


class Disputes(PanelView):
    """The same of payments that customers' banks take back."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner_id, wanted = self.visit.partner.pk, asked(request, DisputeTab)
        page = wanted.page(lambda cursor: dispute_page(partner_id, tab=wanted.tab, cursor=cursor, limit=LIMIT))
        context = _list(wanted, page, DISPUTE_TABS, dispute_counts(partner_id)) | {
            "rows": [(row, dispute_reason(row.reason)) for row in page.rows],
            "headings": _headings(_("Dispute"), _("Invoice"), _("Why"), _("Evidence due"), _("Status"), _("Amount")),
        }
        return self.page("panel/disputes/list.html", context)


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


def _list(wanted: Asked[T], page: Page[Any], names: Mapping[T, Any], counts: Mapping[T, int]) -> dict[str, Any]:
    return wanted.context(page) | {
        "section": "invoices",
        "tabs": wanted.tabs(names, counts),
        "total": count_text(counts[wanted.tab]),
    }


def _headings(*texts: str) -> list[dict[str, Any]]:
    return [{"text": text, "end": text == texts[-1]} for text in texts]
