"""The popup of *Waive*."""

from __future__ import annotations

from typing import Any, ClassVar

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.rules.changes.outcome import Planned
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.verb import Verb
from partnerpanel.actions.waive import Waive
from partnerpanel.panel.lifecycle_forms import NotedForm
from partnerpanel.panel.lifecycle_words import end_after, opening
from partnerpanel.panel.templatetags.formats import money_text
from partnerpanel.panel.views.subscription_popup import SubscriptionPopup


class WaivePopup(SubscriptionPopup):
    """What is owed is forgiven, and it goes on until its next billing date."""

    permission = Permission.WAIVE
    address: ClassVar[str] = "waive"
    title = gettext_lazy("Waive")
    submit = gettext_lazy("Yes, Waive")

    def form(self, data: Any = None, files: Any = None) -> Form:
        return NotedForm(data)

    def draft(self, form: Form) -> Verb:
        return Waive((self.target,), self.asked(form).get("note") or _("(your note)"))

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        invoice = self.facts.billing.invoice
        words = {
            "amount": money_text(invoice.due if invoice else self.facts.deal.price),
            "day": end_after(plan),
        }
        parts = [_("%(amount)s is forgiven. It runs until %(day)s without a payment and is billed then.") % words]
        return " ".join([*parts, *opening(plan)])

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        return _("What %(name)s owed is waived.") % {"name": self.whom}
