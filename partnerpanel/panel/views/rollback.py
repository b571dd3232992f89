"""The popup of *Rollback Plan*."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.rules.changes.outcome import Planned
from billing.rules.changes.rollback import RollbackWish, money_of
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.quote import Quote
from partnerpanel.actions.rollback_plan import RollbackPlan
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.ids import public
from partnerpanel.panel.change_forms import Group, RollbackForm, with_defaults
from partnerpanel.panel.money_quote import price_text
from partnerpanel.panel.money_summary import change_summary
from partnerpanel.panel.templatetags.formats import day, money_text
from partnerpanel.panel.views.subscription_popup import SubscriptionPopup
from partnerpanel.policy.rules.change import RollbackMoney
from subscriptions.queries.changes import changes_of, plans_at
from subscriptions.rules.changes import ChangeState, Deal

Held = tuple[date | None, date | None]


class RollbackPopup(SubscriptionPopup):
    """Back to an earlier plan, or to a lower one; at once."""

    permission = Permission.CHANGE_PLAN
    address: ClassVar[str] = "rollback-plan"
    title = gettext_lazy("Rollback Plan")
    submit = gettext_lazy("Yes, Rollback")
    dependent = ("money",)
    earlier: dict[str, Deal]
    lower: dict[str, Deal]
    held: Mapping[UUID, Held]

    def look_up(self) -> None:
        partner_id, deal = self.visit.partner.pk, self.facts.deal
        self.earlier = {}
        for past in self.facts.past:
            self.earlier.setdefault(public("plan", past.deal.plan.id), past.deal)
        current = deal.plan
        self.lower = {
            public("plan", plan.id): Deal(plan, deal.quantity, is_agreed=False)
            for plan in reversed(plans_at(partner_id, current.price.currency))
            if plan.is_sellable and plan.product_id == current.product_id and plan.rank < current.rank
        }
        self.lower = {id_: one for id_, one in self.lower.items() if id_ not in self.earlier}
        self.held = self._held()

    @property
    def targets(self) -> dict[str, Deal]:
        return self.earlier | self.lower

    def form(self, data: Any = None, files: Any = None) -> Form:
        if data is None:
            first = next(iter(self.targets), "")
            initial = {"plan": first, "money": self._default_money(first), "planned_for": first}
            form = RollbackForm(None, groups=self._groups(), initial=initial)
        else:
            plan = data.get("plan", "")
            form = RollbackForm(with_defaults(data, {"money": self._default_money(plan)}), groups=self._groups())
        form.offer(self._moneys(str(form["plan"].value() or "")))
        return form

    def draft(self, form: Form) -> Verb | None:
        """What equals the policy's choice is left to the policy, so that the preview can say so."""
        asked = self.asked(form)
        deal = self.targets.get(asked.get("plan", ""))
        if deal is None:
            return None
        money = asked.get("money") or ""
        is_own = money not in ("", self._default_money(asked["plan"]))
        return RollbackPlan((self.target,), deal.plan.id, RollbackMoney(money) if is_own else None)

    def _preview(self, form: Form) -> Quote | None:
        quote = super()._preview(form)
        self.ways = ("money",) if quote and self._is_running() else ()
        return quote

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        return change_summary(plan, planned)

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        words = {"name": plan.customer_name, "plan": planned.deal.plan.name}
        if planned.to_balance.amount <= 0:
            return _("%(name)s is back on %(plan)s.") % words
        words["amount"] = money_text(planned.to_balance)
        return _("%(name)s is back on %(plan)s. %(amount)s went to the balance.") % words

    def _waits_for(self) -> str:
        return _("There is no earlier and no lower plan to go back to. Change the plan instead.")

    def _is_running(self) -> bool:
        """A paid period runs, so there is something to decide about."""
        billing = self.facts.billing
        return billing.invoice is None and billing.case is None

    def _default_money(self, plan: str) -> str:
        deal = self.targets.get(plan)
        return money_of(self.facts, RollbackWish(deal))[0].value if deal else ""

    def _moneys(self, plan: str) -> list[RollbackMoney]:
        """Only the newest change can be taken back whole."""
        past, deal = self.facts.past, self.targets.get(plan)
        is_newest = bool(past) and deal is not None and past[0].deal.plan.id == deal.plan.id
        return [one for one in RollbackMoney if is_newest or one is not RollbackMoney.REVERSE_CHANGE]

    def _groups(self) -> list[Group]:
        """Earlier plans with when they were held and what they cost then, the newest first; then lower ones."""
        groups = [
            (_("Held before"), [(id_, self._text(deal)) for id_, deal in self.earlier.items()]),
            (_("Lower plans"), [(id_, self._text(deal)) for id_, deal in self.lower.items()]),
        ]
        return [group for group in groups if group[1]]

    def _text(self, deal: Deal) -> str:
        parts = [deal.plan.name, price_text(deal)]
        if deal.plan.id in self.held:
            since, until = self.held[deal.plan.id]
            parts.append(f"{day(since)} – {day(until)}" if since else _("until %(day)s") % {"day": day(until)})
        if not deal.plan.is_sellable:
            parts.append(_("archived"))
        return " · ".join(parts)

    def _held(self) -> dict[UUID, Held]:
        """By plan, the days of the last time that it was held."""
        zone, id_ = self.facts.billing.zone, self.facts.billing.subscription_id
        happened = (ChangeState.APPLIED, ChangeState.REVERSED)
        changes = changes_of(self.visit.partner.pk, [id_]).get(id_, [])
        done = sorted((one.settled_at, one) for one in changes if one.settled_at and one.state in happened)
        found: dict[UUID, Held] = {}
        since: date | None = None
        for at, change in done:
            found[change.before.plan.id] = (since, local_date(at, zone))
            since = local_date(at, zone)
        return found
