"""The popups of *Pause* and *Resume*."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.rules.changes.cancelling import runs
from billing.rules.changes.outcome import Planned
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.pause import Pause, PauseWhen, Resume
from partnerpanel.actions.permission import Permission, may
from partnerpanel.actions.verb import Verb
from partnerpanel.panel.lifecycle_forms import KeepForm, PauseForm, limit
from partnerpanel.panel.lifecycle_words import end_before, to_balance
from partnerpanel.panel.templatetags.formats import day
from partnerpanel.panel.views.subscription_popup import SubscriptionPopup


class PausePopup(SubscriptionPopup):
    """From the end of the period or from now, until a day or until somebody resumes it."""

    permission = Permission.PAUSE
    address: ClassVar[str] = "pause"
    title = gettext_lazy("Pause Subscription")
    submit = gettext_lazy("Yes, Pause")

    def form(self, data: Any = None, files: Any = None) -> Form:
        whens = self._whens()
        form = PauseForm(data, whens=whens, initial={"when": whens[0][0]})
        limit(form, "until", first=self.facts.billing.today(self.visit.now) + timedelta(days=1))
        return form

    def draft(self, form: Form) -> Verb | None:
        asked = self.asked(form)
        if not asked.get("when"):
            return None
        return Pause((self.target,), PauseWhen(asked["when"]), asked.get("until"), asked.get("note") or "")

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        parts = [_("Access closes now, and nothing is billed.")]
        if not planned.at_once:
            parts = [_("From %(day)s access is closed and nothing is billed.") % {"day": end_before(plan)}]
        until = planned.plan.values.get("paused_until")
        if until:
            words = {"day": day(until, self.facts.billing.zone)}
            parts.append(_("It goes on by itself on %(day)s.") % words)
        else:
            parts.append(_("It rests until somebody resumes it."))
        return " ".join([*parts, *to_balance(planned)])

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        if planned.at_once:
            return _("%(name)s is paused.") % {"name": self.whom}
        return _("%(name)s pauses on %(day)s.") % {"name": self.whom, "day": end_before(plan)}

    def _whens(self) -> list[tuple[str, str]]:
        """A pause from now on gives money back, and not everybody may do that."""
        billing = self.facts.billing
        found = []
        if billing.term and billing.paused_from is None and runs(billing, self.visit.now):
            text = _("The end of the period, %(day)s") % {"day": day(billing.term.period.ends_on)}
            found.append((PauseWhen.PERIOD_END.value, text))
        if may(self.visit.actor, Permission.CREDIT):
            found.append((PauseWhen.NOW.value, _("Now")))
        return found or [(PauseWhen.PERIOD_END.value, _("The end of the period"))]


class ResumePopup(SubscriptionPopup):
    """A pause ends, or does not begin."""

    permission = Permission.PAUSE
    address: ClassVar[str] = "resume"
    title = gettext_lazy("Resume Subscription")
    submit = gettext_lazy("Yes, Resume")

    def form(self, data: Any = None, files: Any = None) -> Form:
        return KeepForm(data)

    def draft(self, form: Form) -> Verb:
        return Resume((self.target,))

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        if not self.facts.billing.is_paused:
            return _("The pause does not begin; it goes on as before.")
        return _("The pause ends, and a new period begins today: it is billed at once.")

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        return _("%(name)s goes on.") % {"name": self.whom}
