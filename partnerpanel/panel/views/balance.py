"""A customer's balance: every movement, and why."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.balance import BalanceLine, balance_page
from billing.queries.customer_money import balances_of
from customers.queries import detail
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.asked import OneTab, asked
from partnerpanel.panel.credit_forms import CREDIT_REASONS
from partnerpanel.panel.listing import LIMIT
from partnerpanel.panel.money_words import entry_text
from partnerpanel.panel.page import PanelView
from partnerpanel.tenancy.queries import names_of


class CustomerBalance(PanelView):
    """The newest first. A damaged cursor begins at the first page."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, customer: str) -> HttpResponse:
        partner, customer_id = self.visit.partner, parse("cus", customer)
        found = detail.customer(partner.pk, customer_id)
        wanted = asked(request, OneTab)
        page = wanted.page(lambda cursor: balance_page(partner.pk, customer_id, cursor=cursor, limit=LIMIT))
        people = names_of({one.actor_id for one in page.rows if one.actor_id})
        public_id = public("cus", customer_id)
        context: dict[str, Any] = wanted.context(page) | {
            "section": "customers",
            "crumbs": [
                {"text": _("Customers"), "url": reverse("customers", args=[partner.slug])},
                {"text": found.name, "url": reverse("customer", args=[partner.slug, public_id])},
            ],
            "customer_id": public_id,
            "name": found.name,
            "balances": balances_of(partner.pk, customer_id),
            "rows": [(one, entry_text(one.reason), _said(one, people)) for one in page.rows],
            "headings": [
                {"text": _("Date")},
                {"text": _("Why")},
                {"text": _("Amount"), "end": True},
                {"text": _("Balance"), "end": True},
                {"hidden_text": _("Actions")},
            ],
        }
        return self.page("panel/customers/balance.html", context)


def _said(line: BalanceLine, people: dict[Any, str]) -> str:
    """Reason, note and who, of what was done by hand."""
    parts = [str(CREDIT_REASONS[line.why])] if line.why else []
    parts += [line.note] if line.note else []
    parts += [people.get(line.actor_id, _("somebody who has left"))] if line.actor_id else []
    return " · ".join(parts)
