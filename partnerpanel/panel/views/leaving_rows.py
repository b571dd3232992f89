"""The rows behind the report's figures, as pages and as CSV."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.ids import public
from partnerpanel.kernel.paging import InvalidCursor
from partnerpanel.offers.queries.report import answer_page, made_page
from partnerpanel.offers.queries.survey import exit_reasons
from partnerpanel.panel.exit_words import reason_texts
from partnerpanel.panel.leaving_words import OUTCOMES
from partnerpanel.panel.listing import LIMIT
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.streamed import PART, streamed_csv
from partnerpanel.panel.views.leaving_report import Wanted


class _Rows(PanelView, ABC):
    """The rows behind a number. A damaged cursor begins anew."""

    http_method_names = ["get", "head"]

    @abstractmethod
    def read(self, wanted: Wanted, cursor: str | None, limit: int) -> Any:
        """One page of them. Raises InvalidCursor."""

    def found(self, request: HttpRequest) -> tuple[Wanted, Any]:
        wanted = Wanted.of(request)
        try:
            return wanted, self.read(wanted, wanted.cursor, LIMIT)
        except InvalidCursor:
            return wanted, self.read(wanted, None, LIMIT)

    def list(self, request: HttpRequest, title: str, cells: Any, headings: list[str]) -> HttpResponse:
        _wanted, page = self.found(request)
        pages = {}
        for name, cursor in (("previous_url", page.previous), ("next_url", page.next)):
            query = request.GET.copy()
            query["cursor"] = cursor or ""
            pages[name] = f"?{query.urlencode()}" if cursor else ""
        context = {
            "section": "reports",
            "title": title,
            "crumbs": [{"text": _("Who leaves"), "url": reverse("report-leaving", args=[self.visit.partner.slug])}],
            "headings": [{"text": text} for text in headings],
            "rows": [labelled(cells(row), headings) for row in page.rows],
            **pages,
        }
        return self.page("panel/reports/rows.html", context)


class Left(_Rows):
    """Cancellations with their reasons."""

    def read(self, wanted: Wanted, cursor: str | None, limit: int) -> Any:
        return answer_page(self.visit.partner.pk, wanted.span(self), wanted.narrow, cursor=cursor, limit=limit)

    def get(self, request: HttpRequest) -> HttpResponse:
        texts = reason_texts(exit_reasons(self.visit.partner.pk))

        def cells(row: Any) -> dict[str, Any]:
            who = _("the customer") if row.by_customer else _("your team")
            told = [row.plan.name, texts.get(row.reason, row.reason), who, _state(row.subscription)]
            return {"customer_id": row.customer_id, "name": row.customer.name, "at": row.left_at, "cells": told}

        headings = [_("Customer"), _("Day"), _("Plan"), _("Reason"), _("Said by"), _("Now")]
        return self.list(request, _("Cancellations"), cells, headings)


class Made(_Rows):
    """Offers and what became of them."""

    def read(self, wanted: Wanted, cursor: str | None, limit: int) -> Any:
        partner_id, now = self.visit.partner.pk, self.visit.now
        return made_page(partner_id, wanted.span(self), wanted.narrow, now=now, cursor=cursor, limit=limit)

    def get(self, request: HttpRequest) -> HttpResponse:
        def cells(row: Any) -> dict[str, Any]:
            told = [row.subscription.plan.name, row.rule.name, str(OUTCOMES[row.outcome]), _state(row.subscription)]
            return {"customer_id": row.customer_id, "name": row.customer.name, "at": row.made_at, "cells": told}

        headings = [_("Customer"), _("Day"), _("Plan"), _("Offer"), _("Outcome"), _("Now")]
        return self.list(request, _("Offers"), cells, headings)


class LeftCsv(Left):
    permission = Permission.EXPORT
    reads_in_scope = False

    def get(self, request: HttpRequest) -> HttpResponseBase:  # type: ignore[override]
        wanted = Wanted.of(request)
        header = ["subscription", "customer", _("Name"), _("Plan"), _("Reason"), _("Said by"), _("Day")]
        name = f"left-{self.visit.partner.slug}-{self.visit.now:%Y-%m-%d}.csv"
        return streamed_csv(
            self.visit.partner.pk, name, header, lambda cursor: self.read(wanted, cursor, PART), _left_cells
        )


class MadeCsv(Made):
    permission = Permission.EXPORT
    reads_in_scope = False

    def get(self, request: HttpRequest) -> HttpResponseBase:  # type: ignore[override]
        wanted = Wanted.of(request)
        header = [
            "subscription",
            "customer",
            _("Name"),
            _("Offer"),
            _("Reason"),
            _("Outcome"),
            _("Shown"),
            _("Settled"),
        ]
        name = f"offers-{self.visit.partner.slug}-{self.visit.now:%Y-%m-%d}.csv"
        return streamed_csv(
            self.visit.partner.pk, name, header, lambda cursor: self.read(wanted, cursor, PART), _made_cells
        )


def labelled(row: dict[str, Any], headings: list[str]) -> dict[str, Any]:
    """The row with each cell beside its heading, which a phone shows; name and day come first."""
    return row | {"cells": list(zip(headings[2:], row["cells"], strict=True))}


def _left_cells(row: Any) -> list[object]:
    ids = [public("sub", row.subscription_id), public("cus", row.customer_id)]
    by = "customer" if row.by_customer else "team"
    return [*ids, row.customer.name, row.plan.name, row.reason, by, row.left_at.isoformat()]


def _made_cells(row: Any) -> list[object]:
    ids = [public("sub", row.subscription_id), public("cus", row.customer_id)]
    settled = row.settled_at.isoformat() if row.settled_at else ""
    return [*ids, row.customer.name, row.rule.name, row.reason, row.outcome, row.made_at.isoformat(), settled]


def _state(subscription: Any) -> str:
    if subscription.ended_at is not None:
        return _("ended")
    return _("ends with its period") if subscription.cancel_at_period_end else _("runs")
