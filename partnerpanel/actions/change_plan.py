"""Change plan: to any plan that is sold, at once or at the next billing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.changes.plan_change import ChangeWish, plan_change
from billing.rules.changes.refusals import CannotChange
from billing.rules.facts import ChangeFacts
from partnerpanel.actions.offers import deal_from, offers_of
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import Rule, SubscriptionVerb
from partnerpanel.actions.verb import Target
from partnerpanel.policy.rules.change import Anchor, Unpaid, When


@dataclass(frozen=True, slots=True)
class ChangePlan(SubscriptionVerb):
    """`when`, `anchor` and `unpaid` left out are the policy's."""

    name: ClassVar[str] = "change_plan"

    targets: tuple[Target, ...]
    plan_id: UUID
    when: When | None = None
    anchor: Anchor | None = None
    unpaid: Unpaid | None = None

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.CHANGE_PLAN})

    def inputs(self) -> dict[str, Any]:
        return {"plan": str(self.plan_id), "when": self.when, "anchor": self.anchor, "unpaid": self.unpaid}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(
            targets,
            UUID(inputs["plan"]),
            When(inputs["when"]) if inputs["when"] else None,
            Anchor(inputs["anchor"]) if inputs["anchor"] else None,
            Unpaid(inputs["unpaid"]) if inputs["unpaid"] else None,
        )

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        offers = offers_of(self.plan_id, facts, partner_id=partner_id)

        def planned(one: ChangeFacts, ids: ChangeIds, now: datetime) -> Planned:
            if one.deal.plan.id == self.plan_id:
                raise CannotChange("same_plan", _("It is on this plan already."), field="plan")
            wish = ChangeWish(deal_from(offers, one), self.when, self.anchor, self.unpaid)
            return plan_change(one, wish, ids=ids, now=now)

        return planned
