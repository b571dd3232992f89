"""The popup of *End trial now*."""

from __future__ import annotations

from typing import Any, ClassVar

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.rules.changes.outcome import Planned
from partnerpanel.actions.end_trial import EndTrial
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.verb import Verb
from partnerpanel.panel.start_forms import EndTrialForm
from partnerpanel.panel.templatetags.formats import money_text
from partnerpanel.panel.views.subscription_popup import SubscriptionPopup


class EndTrialPopup(SubscriptionPopup):
    """The first paid period begins today."""

    permission = Permission.CHARGE
    address: ClassVar[str] = "end-trial"
    title = gettext_lazy("End trial now")
    submit = gettext_lazy("Yes, End trial now")

    def form(self, data: Any = None, files: Any = None) -> Form:
        return EndTrialForm(data)

    def draft(self, form: Form) -> Verb:
        return EndTrial((self.target,))

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        attempt = planned.plan.attempt
        words = {"amount": money_text(planned.due_now), "card": attempt.method.text if attempt else ""}
        if attempt is not None:
            return (
                _("The trial ends now and %(amount)s is charged to %(card)s. If it is declined, it is collected.")
                % words
            )
        if planned.due_now:
            return _("The trial ends now, and an invoice of %(amount)s is collected from the customer.") % words
        return _("The trial ends now and the first period begins. Nothing is charged.")

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        words = {"name": self.whom, "amount": money_text(planned.due_now)}
        if charged:
            return _("The trial of %(name)s is over. %(amount)s was charged.") % words
        return _("The trial of %(name)s is over.") % words
