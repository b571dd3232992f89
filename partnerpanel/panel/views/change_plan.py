"""The popup of *Change Plan*, and of the change that is dropped again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.rules.changes.outcome import Planned
from billing.rules.changes.plan_change import default_when
from partnerpanel.actions.change_plan import ChangePlan
from partnerpanel.actions.drop_change import DropChange
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.quote import Quote
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.change_forms import ChangePlanForm, DropForm, Group, with_defaults
from partnerpanel.panel.money_quote import price_text
from partnerpanel.panel.money_summary import change_summary
from partnerpanel.panel.templatetags.formats import day, money_text
from partnerpanel.panel.views.subscription_popup import SubscriptionPopup
from partnerpanel.policy.rules.change import Anchor, ChangePolicy, Unpaid, When
from subscriptions.queries.changes import plans_at
from subscriptions.queries.names import product_names
from subscriptions.rules.changes import ChangeState, Deal, Direction, PlanFacts, direction_of

ARROWS: Mapping[Direction, Any] = {
    Direction.UP: gettext_lazy("↑ upgrade"),
    Direction.DOWN: gettext_lazy("↓ downgrade"),
    Direction.LATERAL: gettext_lazy("→ as good"),
}


class ChangePlanPopup(SubscriptionPopup):
    """To any plan that is sold, immediately or at the next billing."""

    permission = Permission.CHANGE_PLAN
    address: ClassVar[str] = "change-plan"
    title = gettext_lazy("Change Plan")
    submit = gettext_lazy("Yes, Change Plan")
    dependent: ClassVar[tuple[str, ...]] = ("when", "anchor", "unpaid")
    plans: dict[UUID, PlanFacts]
    products: dict[UUID, str]

    def look_up(self) -> None:
        partner_id, current = self.visit.partner.pk, self.facts.deal.plan
        offered = plans_at(partner_id, current.price.currency)
        self.plans = {plan.id: plan for plan in offered if plan.is_sellable and plan.id != current.id}
        self.products = product_names(partner_id, {plan.product_id for plan in self.plans.values()})

    @property
    def policy(self) -> ChangePolicy:
        return self.facts.billing.policy.policy.change

    def form(self, data: Any = None, files: Any = None) -> Form:
        if data is None:
            return ChangePlanForm(None, groups=self._groups())
        plan = self._plan(data.get("plan", ""))
        defaults = {
            "when": self._default_when(plan).value if plan else "",
            "anchor": self.policy.upgrade.anchor.value,
            "unpaid": self.policy.unpaid.value,
        }
        return ChangePlanForm(with_defaults(data, defaults), groups=self._groups())

    def draft(self, form: Form) -> Verb | None:
        """What equals the policy's choice is left to the policy, so that the preview can say so."""
        asked = self.asked(form)
        plan = self._plan(asked.get("plan", ""))
        if plan is None:
            return None
        when = When(asked["when"]) if asked.get("when") else None
        anchor = Anchor(asked["anchor"]) if asked.get("anchor") else None
        unpaid = Unpaid(asked["unpaid"]) if asked.get("unpaid") else None
        at_once = (when or self._default_when(plan)) is When.IMMEDIATE
        return ChangePlan(
            (self.target,),
            plan.id,
            None if when is self._default_when(plan) else when,
            anchor if at_once and anchor is not self.policy.upgrade.anchor else None,
            unpaid if at_once and unpaid is not self.policy.unpaid else None,
        )

    def _preview(self, form: Form) -> Quote | None:
        """The options that make sense follow from what is previewed."""
        quote = super()._preview(form)
        self.ways = self._options(form, quote)
        return quote

    def _options(self, form: Form, quote: Quote | None) -> tuple[str, ...]:
        asked = self.asked(form)
        plan = self._plan(asked.get("plan", ""))
        if plan is None:
            return ()
        if asked.get("when") != When.IMMEDIATE.value:
            return ("when",)
        names = ["when"]
        billing = self.facts.billing
        runs = billing.invoice is None and billing.case is None
        if runs and plan.interval == self.facts.deal.plan.interval:
            names.append("anchor")
        if quote and quote.money and quote.money[0].planned and quote.money[0].planned.due_now:
            names.append("unpaid")
        return tuple(names)

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        return change_summary(plan, planned)

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        words = {"name": plan.customer_name, "plan": planned.deal.plan.name, "amount": money_text(planned.due_now)}
        if not planned.at_once:
            words["day"] = day(plan.before.period.ends_on if plan.before.period else None)
            return _("%(name)s changes to %(plan)s on %(day)s.") % words
        if charged:
            return _("%(name)s is on %(plan)s. %(amount)s was charged.") % words
        return _("%(name)s is on %(plan)s.") % words

    def _waits_for(self) -> str:
        if not self.plans:
            return _("There is no other plan with a price in this currency.")
        return _("Choose a plan; what it costs and changes appears here.")

    def _plan(self, text: str) -> PlanFacts | None:
        return next((plan for id_, plan in self.plans.items() if public("plan", id_) == text), None)

    def _default_when(self, plan: PlanFacts) -> When:
        return default_when(self.facts, self._direction(plan))

    def _direction(self, plan: PlanFacts) -> Direction:
        return direction_of(self.facts.deal.plan, plan, self.policy.direction_by).value

    def _groups(self) -> list[Group]:
        """By product, the subscription's own first; each plan with its price and which way it goes."""
        found: defaultdict[UUID, list[tuple[str, str]]] = defaultdict(list)
        for plan in self.plans.values():
            price = price_text(Deal(plan, self.facts.deal.quantity, is_agreed=False))
            text = f"{plan.name} · {price} · {ARROWS[self._direction(plan)]}"
            found[plan.product_id].append((public("plan", plan.id), text))
        own = self.facts.deal.plan.product_id
        ordered = sorted(found, key=lambda id_: (id_ != own, self.products[id_]))
        return [(self.products[id_], found[id_]) for id_ in ordered]


class DropChangePopup(SubscriptionPopup):
    """The change that waits does not happen."""

    permission = Permission.CHANGE_PLAN
    address: ClassVar[str] = "drop-change"
    title = gettext_lazy("Cancel the change")
    submit = gettext_lazy("Yes, Cancel the change")

    def form(self, data: Any = None, files: Any = None) -> Form:
        change = self.facts.billing.change
        return DropForm(data, initial={"change": public("chg", change.id) if change else ""})

    def draft(self, form: Form) -> Verb:
        shown = self.asked(form).get("change")
        return DropChange((self.target,), parse("chg", shown) if shown else None)

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        change = planned.plan.facts.change
        if change is None:
            return ""
        words = {"plan": change.deal.plan.name, "now": plan.before.plan_name}
        if change.state is ChangeState.AWAITING:
            return _("The change to %(plan)s does not happen, and its invoice is voided. %(now)s stays.") % words
        return _("The change to %(plan)s does not happen. %(now)s goes on at the next billing.") % words

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        return _("The change of %(name)s is cancelled.") % {"name": self.whom}
