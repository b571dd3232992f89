"""The popups of *Cancel*, and of *Keep* where it is cancelling."""

from __future__ import annotations

from typing import Any, ClassVar

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.rules.changes.cancelling import runs
from billing.rules.changes.lines import unused_lines
from billing.rules.changes.outcome import Planned
from partnerpanel.actions.cancel import Cancel, CancelReason, CancelWhen, Keep
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission, may
from partnerpanel.actions.verb import Verb
from partnerpanel.offers.queries.survey import exit_reasons
from partnerpanel.panel.exit_words import reason_choices
from partnerpanel.panel.lifecycle_forms import CancelForm, KeepForm
from partnerpanel.panel.lifecycle_words import end_before, to_balance
from partnerpanel.panel.templatetags.formats import day
from partnerpanel.panel.views.subscription_popup import SubscriptionPopup
from partnerpanel.tenancy.scope import tenant


class CancelPopup(SubscriptionPopup):
    """With its period or now, and why."""

    permission = Permission.CANCEL
    address: ClassVar[str] = "cancel"
    title = gettext_lazy("Cancel Subscription")
    submit = gettext_lazy("Yes, Cancel")
    danger = True

    def form(self, data: Any = None, files: Any = None) -> Form:
        whens = self._whens()
        form = CancelForm(data, whens=whens, reasons=self._reasons(), initial={"when": whens[0][0], "reason": ""})
        if (whens[0][0] if data is None else data.get("when")) == CancelWhen.NOW.value and self._may_credit():
            self.ways = ("credit_unused",)
        else:
            del form.fields["credit_unused"]
        return form

    def draft(self, form: Form) -> Verb | None:
        asked = self.asked(form)
        if not asked.get("when"):
            return None
        return Cancel(
            (self.target,),
            CancelWhen(asked["when"]),
            asked.get("reason") or CancelReason.OTHER,
            asked.get("note") or "",
            asked.get("credit_unused") or False,
        )

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        if not planned.at_once:
            text = _("It ends on %(day)s and is not renewed. Until then everything stays as it is.")
            return text % {"day": end_before(plan)}
        return " ".join([_("It ends now: access closes, and it is not billed again."), *to_balance(planned)])

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        if planned.at_once:
            return _("%(name)s has ended.") % {"name": self.whom}
        return _("%(name)s ends on %(day)s.") % {"name": self.whom, "day": end_before(plan)}

    def words(self) -> dict[str, Any]:
        return super().words() | {"dismiss": _("Go back")}

    def _whens(self) -> list[tuple[str, str]]:
        """Where no paid period runs, or it ends with that already, there is only now."""
        billing, now = self.facts.billing, (CancelWhen.NOW.value, _("Now"))
        if billing.term is None or billing.cancel_at_period_end or not runs(billing, self.visit.now):
            return [now]
        text = _("At the end of the period, on %(day)s") % {"day": day(billing.term.period.ends_on)}
        return [(CancelWhen.PERIOD_END.value, text), now]

    def _reasons(self) -> list[tuple[str, str]]:
        with tenant(self.visit.partner.pk):
            return reason_choices(exit_reasons(self.visit.partner.pk))

    def _may_credit(self) -> bool:
        billing, now = self.facts.billing, self.visit.now
        is_left = runs(billing, now) and bool(unused_lines(self.facts, billing.today(now)))
        return is_left and may(self.visit.actor, Permission.CREDIT)


class KeepPopup(SubscriptionPopup):
    """It goes on after all."""

    permission = Permission.CANCEL
    address: ClassVar[str] = "keep"
    title = gettext_lazy("Keep Subscription")
    submit = gettext_lazy("Yes, Keep")

    def form(self, data: Any = None, files: Any = None) -> Form:
        return KeepForm(data)

    def draft(self, form: Form) -> Verb:
        return Keep((self.target,))

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        return _("It goes on after %(day)s and is billed as before.") % {"day": end_before(plan)}

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        return _("%(name)s goes on.") % {"name": self.whom}
