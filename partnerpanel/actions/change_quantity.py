"""Change quantity: more or fewer of the plan that a subscription is on, at once or at the next billing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.changes.plan_change import ChangeWish, plan_change
from billing.rules.facts import ChangeFacts
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import Rule, SubscriptionVerb
from partnerpanel.actions.verb import Target
from partnerpanel.policy.rules.change import Anchor, Unpaid, When
from subscriptions.rules.changes import ChangeKind


@dataclass(frozen=True, slots=True)
class ChangeQuantity(SubscriptionVerb):
    """`when` and `unpaid` left out are the policy's; without an `anchor` the period stays."""

    name: ClassVar[str] = "change_quantity"

    targets: tuple[Target, ...]
    quantity: int
    when: When | None = None
    anchor: Anchor | None = None
    unpaid: Unpaid | None = None

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.CHANGE_PLAN})

    def inputs(self) -> dict[str, Any]:
        return {"quantity": self.quantity, "when": self.when, "anchor": self.anchor, "unpaid": self.unpaid}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(
            targets,
            inputs["quantity"],
            When(inputs["when"]) if inputs["when"] else None,
            Anchor(inputs["anchor"]) if inputs["anchor"] else None,
            Unpaid(inputs["unpaid"]) if inputs["unpaid"] else None,
        )

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        def planned(one: ChangeFacts, ids: ChangeIds, now: datetime) -> Planned:
            deal = replace(one.deal, quantity=self.quantity)
            wish = ChangeWish(deal, self.when, self.anchor, self.unpaid, kind=ChangeKind.QUANTITY)
            return plan_change(one, wish, ids=ids, now=now)

        return planned
