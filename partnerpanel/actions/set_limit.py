"""Set limit: an allowance of one subscription is set strictly, or what was set is lifted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import WhichSubscription
from partnerpanel.actions.verb import Target, load_targets
from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.limits import limits_of
from subscriptions.queries.usage import usage_of
from subscriptions.rules.access_plan import AccessPlan
from subscriptions.rules.limits import plan_limit
from subscriptions.rules.meter import LARGEST, NAME_LENGTH
from subscriptions.services import access

REASON_LENGTH = 500


class InvalidLimit(DomainError):
    """A limit that lacks what it needs; `field` names which."""

    code = "invalid_limit"


@dataclass(frozen=True, slots=True)
class SetLimit:
    """`value` None lifts what was set. Raises InvalidLimit for a name, value or reason that cannot be."""

    name: ClassVar[str] = "set_limit"

    targets: tuple[Target, ...]
    allowance: str
    value: int | None
    reason: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.allowance.strip()) <= NAME_LENGTH or "\x00" in self.allowance:
            raise InvalidLimit(_("Name the allowance, as the plan has it."), field="allowance")
        if self.value is not None and not 0 <= self.value <= LARGEST:
            raise InvalidLimit(_("A limit is a whole number; 0 allows nothing."), field="value")
        if not 1 <= len(self.reason.strip()) <= REASON_LENGTH:
            raise InvalidLimit(_("Give a reason of at most 500 letters; your team reads it."), field="reason")

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.SUSPEND})

    def inputs(self) -> dict[str, Any]:
        return {"allowance": self.allowance.strip(), "value": self.value, "reason": self.reason.strip()}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, inputs["allowance"], inputs["value"], inputs["reason"])

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> list[AccessPlan]:
        if any(target.subscription_id is None for target in self.targets):
            raise WhichSubscription(_("Choose one of the customer’s subscriptions."), field="subscription")
        facts = load_targets(self.targets, partner_id=partner_id, now=now, lock=lock)
        ids = [target.subscription_id for target in self.targets if target.subscription_id]
        uses, limits, name = usage_of(partner_id, ids), limits_of(partner_id, ids), self.allowance.strip()
        return [
            plan_limit(
                facts[target.customer_id],
                {use.name: use for use in uses[target.subscription_id]},
                limits.get(target.subscription_id, {}).get(name),
                subscription_id=target.subscription_id,
                allowance=name,
                value=self.value,
                reason=self.reason.strip(),
            )
            for target in self.targets
            if target.subscription_id
        ]

    def apply(self, plans: Sequence[AccessPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
        access.apply(plans, actor=actor, action_id=action_id, now=now)
