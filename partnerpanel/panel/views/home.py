"""Home: what needs doing, and four figures."""

from __future__ import annotations

from uuid import UUID

from babel.dates import format_date
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from billing.queries.attention import Attention, CaseLine, attention
from customers.filters import Tab
from customers.queries.lists import tab_counts
from partnerpanel.actions.bulk.queries import open_jobs
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.ids import parse
from partnerpanel.panel.job_words import TITLES
from partnerpanel.panel.money_words import without_text
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.templatetags.formats import locale
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries import overview
from subscriptions.services.repair import retry_account


class Home(PanelView):
    """Empty lists are not shown; when all are empty the page says that everything is fine."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        visit, partner_id = self.visit, self.visit.partner.pk
        counts = tab_counts(partner_id, now=visit.now, zone=visit.zone)
        found = attention(partner_id, now=visit.now)
        todo = {
            "parked": overview.parked_accounts(partner_id),
            "cases": _cases(found),
            "doubted": found.doubted,
            "trials": overview.trials_ending(partner_id, now=visit.now),
            "jobs": [(job, TITLES[job.verb]) for job in open_jobs(partner_id)],
            "awaiting": overview.awaiting_cut_over(partner_id),
        }
        context = {
            "section": "home",
            "counts": {tab.value: count for tab, count in counts.items()},
            "month": format_date(local_date(visit.now, visit.zone), "LLLL y", locale()),
            "is_new": counts[Tab.ALL] == 0,
            "recurring": overview.monthly_recurring(partner_id),
            "todo": todo,
            "is_fine": not any(todo.values()),
        }
        return self.page("panel/home.html", context)


def _cases(found: Attention) -> list[tuple[str, str, list[tuple[CaseLine, str]]]]:
    """Lists of failing renewals, each with its heading; those that are empty are left out."""
    lists = (("grace-ending", _("Grace ending"), found.ending), ("unpaid", _("Failing payments"), found.failing))
    return [
        (id_, title, [(line, without_text(line.reason) if line.reason else "") for line in lines])
        for id_, title, lines in lists
        if lines
    ]


class RetryAccount(PanelView):
    """Another try for a service account that waits for a person."""

    permission = Permission.RUN_PROVISIONING
    http_method_names = ["post"]

    def post(self, request: HttpRequest, account: str) -> HttpResponse:
        account_id: UUID = parse("acc", account)
        with tenant(self.visit.partner.pk):
            retry_account(account_id, actor=self.visit.actor, now=self.visit.now)
        messages.success(request, _("It is being tried again now."))
        return redirect("home", self.visit.partner.slug)
