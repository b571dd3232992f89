"""End trial: the first paid period begins today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.changes.trial_end import plan_trial_end
from billing.rules.facts import ChangeFacts
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import Rule, SubscriptionVerb
from partnerpanel.actions.verb import Target


@dataclass(frozen=True, slots=True)
class EndTrial(SubscriptionVerb):
    """The trial ends now instead of on its day, and is billed as it would be then."""

    name: ClassVar[str] = "end_trial"

    targets: tuple[Target, ...]

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.CHARGE})

    def inputs(self) -> dict[str, Any]:
        return {}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:  # noqa: ARG003
        return cls(targets)

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        def planned(one: ChangeFacts, ids: ChangeIds, now: datetime) -> Planned:
            return plan_trial_end(one, ids=ids, now=now)

        return planned
