"""The popups of *Skip renewal* and *Move billing date*."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.rules.changes.dates import one_later
from billing.rules.changes.outcome import Planned
from partnerpanel.actions.billing_dates import MoveBillingDate, SkipRenewal
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.verb import Verb
from partnerpanel.panel.lifecycle_forms import BillingDateForm, NotedForm, limit
from partnerpanel.panel.lifecycle_words import end_after, end_before, to_balance
from partnerpanel.panel.money_quote import is_waiting
from partnerpanel.panel.templatetags.formats import day, money_text
from partnerpanel.panel.views.subscription_popup import SubscriptionPopup


class SkipRenewalPopup(SubscriptionPopup):
    """The period lasts one interval longer, for nothing."""

    permission = Permission.EXTEND
    address: ClassVar[str] = "skip-renewal"
    title = gettext_lazy("Skip Renewal")
    submit = gettext_lazy("Yes, Skip")

    def form(self, data: Any = None, files: Any = None) -> Form:
        return NotedForm(data)

    def draft(self, form: Form) -> Verb:
        return SkipRenewal((self.target,), self.asked(form).get("note") or _("(your note)"))

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        words = {"was": end_before(plan), "day": end_after(plan)}
        return _("Nothing is charged on %(was)s. It runs until %(day)s and is billed then.") % words

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        words = {"name": self.whom, "day": end_after(plan)}
        return _("The renewal of %(name)s is skipped. It is billed next on %(day)s.") % words


class MoveBillingDatePopup(SubscriptionPopup):
    """To another day, at most one interval ahead."""

    permission = Permission.CHANGE_PLAN
    address: ClassVar[str] = "billing-date"
    title = gettext_lazy("Move Billing Date")
    submit = gettext_lazy("Yes, Move")

    def form(self, data: Any = None, files: Any = None) -> Form:
        form, billing = BillingDateForm(data), self.facts.billing
        if billing.term:
            tomorrow = billing.today(self.visit.now) + timedelta(days=1)
            limit(form, "on", first=tomorrow, last=one_later(billing).on)
        return form

    def draft(self, form: Form) -> Verb | None:
        on = self.asked(form).get("on")
        return MoveBillingDate((self.target,), on) if on else None

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        words = {"day": end_after(plan), "amount": money_text(planned.due_now), "card": ""}
        attempt = planned.plan.attempt
        if is_waiting(planned) and attempt:
            words["card"] = attempt.method.text
            text = _(
                "%(amount)s for the days until %(day)s is charged to %(card)s now. If it is declined, nothing changes."
            )
            return text % words
        if is_waiting(planned):
            text = _("An invoice of %(amount)s is written. The date moves to %(day)s when the customer has paid it.")
            return text % words
        return " ".join([_("It is billed next on %(day)s.") % words, *to_balance(planned)])

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        words = {"name": self.whom, "day": end_after(plan), "amount": money_text(planned.due_now)}
        if charged:
            return _("%(name)s is billed next on %(day)s. %(amount)s was charged.") % words
        return _("%(name)s is billed next on %(day)s.") % words

    def _waits_for(self) -> str:
        billing = self.facts.billing
        if billing.term is None:
            return super()._waits_for()
        words = {"day": day(billing.term.period.ends_on), "last": day(one_later(billing).on)}
        return _("It is billed on %(day)s now. Choose another day, %(last)s at the latest.") % words
