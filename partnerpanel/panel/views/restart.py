"""The popup of *Restart*: what has ended is taken up again."""

from __future__ import annotations

from typing import Any, ClassVar

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.charging.states import AttemptStatus
from billing.rules.changes.outcome import Planned
from billing.rules.subscribing import FirstPayment
from partnerpanel.actions import door
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.restart import Restart
from partnerpanel.actions.verb import Verb
from partnerpanel.panel.start_forms import RestartForm
from partnerpanel.panel.start_words import restart_summary, start_ending
from partnerpanel.panel.templatetags.formats import money_text
from partnerpanel.panel.views.new_subscription import ways_to_pay
from partnerpanel.panel.views.subscription_popup import SubscriptionPopup


class RestartPopup(SubscriptionPopup):
    """On the plan that it had, paid by the card on file or by an invoice."""

    permission = Permission.CHANGE_PLAN
    address: ClassVar[str] = "restart"
    title = gettext_lazy("Restart")
    submit = gettext_lazy("Yes, Restart")

    def form(self, data: Any = None, files: Any = None) -> Form:
        method = self.facts.billing.method
        payments = ways_to_pay(method.text if method else "")
        return RestartForm(data, initial={"first_payment": payments[0][0]}, payments=payments)

    def draft(self, form: Form) -> Verb | None:
        if form.is_bound and form.errors:
            return None
        return Restart((self.target,), FirstPayment(self.asked(form)["first_payment"]))

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        return restart_summary(planned)

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        words = {"name": self.whom, "amount": money_text(planned.due_now)}
        if charged:
            return _("%(name)s is back. %(amount)s was charged.") % words
        return _("%(name)s is back.") % words

    def ending(self, planned: Planned, status: AttemptStatus | None) -> tuple[Any, Any, str] | None:
        return start_ending(planned, status)

    def undo_url(self, outcome: door.Outcome) -> str:
        """Nothing undoes it: it is cancelled, with what was paid for it."""
        return ""
