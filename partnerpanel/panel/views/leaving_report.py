"""The report of who leaves and what offers keep: figures, the rows behind each, and both as CSV."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerpanel.kernel.clock import local_date, start_of_day
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.kernel.period import Interval, Unit, shifted
from partnerpanel.offers.queries.report import Narrow, Report, Span, report
from partnerpanel.offers.queries.survey import exit_reasons
from partnerpanel.panel.exit_words import reason_texts
from partnerpanel.panel.leaving_words import ONLY, month_text, share
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.templatetags.formats import money_text, number

MONTH = Interval(Unit.MONTH)
LENGTHS = (3, 6, 12, 24)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for; what it does not know is as if it were left out."""

    months: int = 12
    month: date | None = None
    narrow: Narrow = field(default_factory=Narrow)
    cursor: str | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> Wanted:
        asked = request.GET
        months = int(asked["months"]) if asked.get("months", "") in map(str, LENGTHS) else 12
        only = asked.get("only", "")
        narrow = Narrow(
            asked.get("reason") or None, _id("plan", asked), _id("ofr", asked), only if only in ONLY else ""
        )
        return cls(months, _month(asked.get("month", "")), narrow, asked.get("cursor") or None)

    def span(self, view: PanelView) -> Span:
        """Whole months of the partner's zone with the running one, or the one month."""
        zone, now = view.visit.zone, view.visit.now
        first = local_date(now, zone).replace(day=1)
        if self.month is not None:
            since, until = start_of_day(self.month, zone), start_of_day(shifted(self.month, MONTH, 1), zone)
            return Span(since, until, zone)
        ends = start_of_day(shifted(first, MONTH, 1), zone)
        return Span(start_of_day(shifted(first, MONTH, 1 - self.months), zone), ends, zone)

    def query(self, **more: Any) -> str:
        """The same months, with what else narrows them."""
        kept = {"months": self.months, "month": self.month and self.month.isoformat()[:7], **more}
        return "?" + urlencode({name: value for name, value in kept.items() if value})


class LeavingReport(PanelView):
    """Reasons over time and by plan, and the offers; every number leads to its rows."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner, wanted = self.visit.partner, Wanted.of(request)
        found = report(partner.pk, wanted.span(self), now=self.visit.now)
        answers, made = (reverse(name, args=[partner.slug]) for name in ("report-left", "report-offers"))
        context = {
            "section": "reports",
            "lengths": [
                {
                    "text": ngettext("%(n)s month", "%(n)s months", months) % {"n": months},
                    "url": f"?months={months}",
                    "current": months == wanted.months,
                }
                for months in LENGTHS
            ],
            "figures": self._figures(found, wanted, answers, made),
            **self._by_reason(found, wanted, answers),
            "plans": [
                {"name": name, "count": number(many), "url": answers + wanted.query(plan=public("plan", id_))}
                for id_, name, many in found.plans
            ],
            "offer_headings": [
                {"text": text} for text in (_("Offer"), _("Shown"), _("Taken"), _("Still here"), _("After 90 days"))
            ],
            "offers": [self._offer(one, wanted, made) for one in found.offers],
            "csv_left": reverse("report-left-csv", args=[partner.slug]) + wanted.query(),
            "csv_offers": reverse("report-offers-csv", args=[partner.slug]) + wanted.query(),
        }
        return self.page("panel/reports/leaving.html", context)

    def _figures(self, found: Report, wanted: Wanted, answers: str, made: str) -> list[dict[str, Any]]:
        left = sum(found.reasons.values())
        shown, taken = sum(one.shown for one in found.offers), sum(one.taken for one in found.offers)
        stay, ripe = sum(one.stay for one in found.offers), sum(one.ripe for one in found.offers)
        kept = sum(one.kept for one in found.offers)
        sums = [money_text(one) for one in found.monthly]
        return [
            _figure(
                _("Cancelled"),
                number(left),
                _("Cancellations, each once, by the day they were made"),
                answers + wanted.query(),
            ),
            _figure(
                _("Shown an offer"),
                number(shown),
                _("Offers made, each once until it is taken or declined"),
                made + wanted.query(),
            ),
            _figure(_("Taken"), share(taken, shown), _("Of those that were shown"), made + wanted.query(only="taken")),
            _figure(
                _("Still here"),
                share(stay, taken),
                _("Took an offer, and neither ended nor cancelled now"),
                made + wanted.query(only="stay"),
            ),
            _figure(
                _("After 90 days"),
                share(kept, ripe),
                _("Took it at least 90 days ago, and had not ended 90 days later"),
                made + wanted.query(only="kept"),
            ),
            _figure(
                _("Kept a month"),
                " + ".join(sums) or "–",
                _("Recurring revenue today of those still here, each subscription once"),
                made + wanted.query(only="stay"),
            ),
        ]

    def _by_reason(self, found: Report, wanted: Wanted, answers: str) -> dict[str, Any]:
        texts = reason_texts(exit_reasons(self.visit.partner.pk))
        months = list(found.left)
        rows = [
            {
                "name": texts.get(code, code),
                "total": number(many),
                "url": answers + wanted.query(reason=code),
                "cells": [
                    {
                        "month": month_text(month),
                        "count": number(found.left[month][code]) if code in found.left[month] else "",
                        "url": answers + Wanted(wanted.months, month).query(reason=code),
                    }
                    for month in months
                ],
            }
            for code, many in found.reasons.most_common()
        ]
        headings = [_("Reason"), *map(month_text, months), _("In all")]
        return {"reasons": rows, "reason_headings": [{"text": text} for text in headings]}

    def _offer(self, one: Any, wanted: Wanted, made: str) -> dict[str, Any]:
        rule = public("ofr", one.rule_id)
        address = {only: made + wanted.query(offer=rule, only=only) for only in ("", *ONLY)}
        return {
            "name": one.name,
            "url": reverse("offer", args=[self.visit.partner.slug, rule]),
            "cells": [
                {"label": _("Shown"), "text": number(one.shown), "url": address[""]},
                {"label": _("Taken"), "text": share(one.taken, one.shown), "url": address["taken"]},
                {"label": _("Still here"), "text": share(one.stay, one.taken), "url": address["stay"]},
                {"label": _("After 90 days"), "text": share(one.kept, one.ripe), "url": address["kept"]},
            ],
        }


def _figure(label: str, value: str, note: str, url: str) -> dict[str, str]:
    return {"label": label, "value": value, "note": note, "url": url}


def _id(prefix: str, asked: Any) -> UUID | None:
    text = asked.get("offer" if prefix == "ofr" else prefix, "")
    try:
        return parse(prefix, text) if text else None
    except NotFound:
        return None


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01") if text else None
    except ValueError:
        return None
