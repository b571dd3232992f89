"""Drop a change: what was agreed for later, or waits for its payment, does not happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from billing.rules.changes.dropping import plan_dropped
from billing.rules.changes.outcome import Planned
from billing.rules.changes.refusals import CannotChange, refuse_unserved
from billing.rules.facts import ChangeFacts
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import Rule, SubscriptionVerb
from partnerpanel.actions.verb import Target

WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class DropChange(SubscriptionVerb):
    """The open change, whichever it is; its unpaid invoice is voided. `change_id` is the one that was meant."""

    name: ClassVar[str] = "drop_change"
    while_banned: ClassVar[bool] = True

    targets: tuple[Target, ...]
    change_id: UUID | None = None

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.CHANGE_PLAN})

    def inputs(self) -> dict[str, Any]:
        return {"change": str(self.change_id) if self.change_id else None}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, UUID(inputs["change"]) if inputs["change"] else None)

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        return lambda one, _ids, _now: self._planned(one)

    def _planned(self, facts: ChangeFacts) -> Planned:
        billing = facts.billing
        refuse_unserved(billing)
        if billing.change is None or self.change_id not in (None, billing.change.id):
            raise CannotChange("no_change", _("No change waits for this subscription."))
        return Planned(plan_dropped(billing, why=WITHDRAWN), facts.deal)
