"""Home: what needs doing, and four figures."""

from __future__ import annotations

from babel.dates import format_date
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from billing.queries.attention import Attention, CaseLine, attention
from billing.queries.returns import open_disputes
from customers.filters import Tab
from customers.queries.lists import tab_counts
from partnerpanel.actions.bulk.queries import open_jobs
from partnerpanel.actions.permission import Permission, may
from partnerpanel.invariants.queries import findings
from partnerpanel.kernel.clock import local_date
from partnerpanel.panel.job_words import TITLES
from partnerpanel.panel.money_words import dispute_reason, without_text
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.parked_words import waiting_cards
from partnerpanel.panel.templatetags.formats import locale
from partnerpanel.tenancy.mail_senders import broken_sender
from subscriptions.queries import overview


class Home(PanelView):
    """Empty lists are not shown; when all are empty the page says that everything is fine."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        visit, partner_id = self.visit, self.visit.partner.pk
        counts = tab_counts(partner_id, now=visit.now, zone=visit.zone)
        found = attention(partner_id, now=visit.now)
        todo = {
            "findings": findings(partner_id),
            "waiting": waiting_cards(partner_id),
            "parked": overview.parked_accounts(partner_id),
            "cases": _cases(found),
            "doubted": found.doubted,
            "disputes": [(row, dispute_reason(row.reason)) for row in open_disputes(partner_id)],
            "trials": overview.trials_ending(partner_id, now=visit.now),
            "jobs": [(job, TITLES[job.verb]) for job in open_jobs(partner_id)],
            "sender": broken_sender(partner_id),
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
            "allowed": [permission.value for permission in Permission if may(visit.actor, permission)],
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
