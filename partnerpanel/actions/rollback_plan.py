"""Rollback: back to an earlier plan, or to a lower one, at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange
from billing.rules.changes.rollback import RollbackWish, plan_rollback
from billing.rules.facts import ChangeFacts
from partnerpanel.actions.offers import deal_from, offers_of
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import Rule, SubscriptionVerb
from partnerpanel.actions.verb import Target
from partnerpanel.policy.rules.change import RollbackMoney


@dataclass(frozen=True, slots=True)
class RollbackPlan(SubscriptionVerb):
    """`plan_id` None is the plan before the newest change; `money` None leaves to the policy what is given back."""

    name: ClassVar[str] = "rollback_plan"

    targets: tuple[Target, ...]
    plan_id: UUID | None = None
    money: RollbackMoney | None = None

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.CHANGE_PLAN})

    def inputs(self) -> dict[str, Any]:
        return {"plan": str(self.plan_id) if self.plan_id else None, "money": self.money}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        plan, money = inputs["plan"], inputs["money"]
        return cls(targets, UUID(plan) if plan else None, RollbackMoney(money) if money else None)

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        offers = offers_of(self.plan_id, facts, partner_id=partner_id) if self.plan_id else {}

        def planned(one: ChangeFacts, ids: ChangeIds, now: datetime) -> Planned:
            # An earlier plan comes back at the price it had; one that was never held at its list price.
            earlier = (past.deal for past in one.past if self.plan_id in (None, past.deal.plan.id))
            deal = next(earlier, None)
            if deal is None and self.plan_id is None:
                message = _("This subscription was never on another plan.")
                raise CannotChange("nothing_to_roll_back_to", message, field="plan")
            return plan_rollback(one, RollbackWish(deal or deal_from(offers, one), self.money), ids=ids, now=now)

        return planned
