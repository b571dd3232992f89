"""The popup of *Change quantity*."""

from __future__ import annotations

from typing import Any, ClassVar

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.rules.changes.outcome import Planned
from billing.rules.changes.plan_change import default_when
from partnerpanel.actions.change_quantity import ChangeQuantity
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.quote import Quote
from partnerpanel.actions.verb import Verb
from partnerpanel.panel.change_forms import with_defaults
from partnerpanel.panel.money_summary import quantity_summary
from partnerpanel.panel.start_forms import QuantityForm
from partnerpanel.panel.templatetags.formats import day, money_text, number
from partnerpanel.panel.views.subscription_popup import SubscriptionPopup
from partnerpanel.policy.rules.change import Unpaid, When
from subscriptions.rules.changes import direction_of_quantity


class ChangeQuantityPopup(SubscriptionPopup):
    """More or fewer of the plan: immediately for the days that are left, or at the next billing."""

    permission = Permission.CHANGE_PLAN
    address: ClassVar[str] = "change-quantity"
    title = gettext_lazy("Change quantity")
    submit = gettext_lazy("Yes, Change quantity")
    dependent = ("when", "unpaid")

    def form(self, data: Any = None, files: Any = None) -> Form:
        if data is None:
            return QuantityForm(initial={"quantity": self.facts.deal.quantity})
        wanted = self._quantity(data.get("quantity", ""))
        defaults = {
            "when": self._default_when(wanted).value if wanted else "",
            "unpaid": self.facts.billing.policy.policy.change.unpaid.value,
        }
        return QuantityForm(with_defaults(data, defaults, by="quantity"))

    def draft(self, form: Form) -> Verb | None:
        """As many as there are is nothing to preview; what equals the policy's choice is left to the policy."""
        asked = self.asked(form)
        wanted = self._quantity(str(asked.get("quantity") or ""))
        if wanted is None or wanted == self.facts.deal.quantity:
            return None
        when = When(asked["when"]) if asked.get("when") else None
        unpaid = Unpaid(asked["unpaid"]) if asked.get("unpaid") else None
        own = self.facts.billing.policy.policy.change.unpaid
        at_once = (when or self._default_when(wanted)) is When.IMMEDIATE
        return ChangeQuantity(
            (self.target,),
            wanted,
            None if when is self._default_when(wanted) else when,
            None,
            unpaid if at_once and unpaid is not own else None,
        )

    def _preview(self, form: Form) -> Quote | None:
        """The options that make sense follow from what is previewed."""
        quote = super()._preview(form)
        planned = quote.money[0].planned if quote and quote.money else None
        if quote is None:
            self.ways = ()
        else:
            self.ways = ("when", "unpaid") if planned and planned.at_once and planned.due_now else ("when",)
        return quote

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        return quantity_summary(plan, planned)

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        words = {
            "name": plan.customer_name,
            "number": number(planned.deal.quantity),
            "plan": planned.deal.plan.name,
            "amount": money_text(planned.due_now),
        }
        if not planned.at_once:
            words["day"] = day(plan.before.period.ends_on if plan.before.period else None)
            return _("%(name)s has %(number)s × %(plan)s from %(day)s on.") % words
        if charged:
            return _("%(name)s has %(number)s × %(plan)s. %(amount)s was charged.") % words
        return _("%(name)s has %(number)s × %(plan)s.") % words

    def _waits_for(self) -> str:
        return _("Write another quantity; what it costs and changes appears here.")

    def _quantity(self, text: str) -> int | None:
        return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 8 and int(text) else None

    def _default_when(self, wanted: int) -> When:
        return default_when(self.facts, direction_of_quantity(self.facts.deal.quantity, wanted).value)
