"""Cancel, now or with the period; and keep what was cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from billing.rules.changes.cancelling import CancelReason, CancelWhen, CancelWish, plan_cancellation, plan_keep
from billing.rules.facts import ChangeFacts
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import Rule, SubscriptionVerb
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import DomainError
from partnerpanel.offers.queries.survey import is_known
from partnerpanel.offers.services.making import note_leaving
from partnerpanel.tenancy.actor import Actor

__all__ = ["Cancel", "CancelReason", "CancelWhen", "InvalidCancellation", "Keep"]

NOTE_LENGTH = 500


class InvalidCancellation(DomainError):
    """A cancellation that lacks what it needs; `field` names which."""

    code = "invalid_cancellation"


@dataclass(frozen=True, slots=True)
class Cancel(SubscriptionVerb):
    """`reason` is one of the partner's. `credit_unused` gives what is unused to the balance when it ends now.

    Raises InvalidCancellation.
    """

    name: ClassVar[str] = "cancel"
    while_banned: ClassVar[bool] = True

    targets: tuple[Target, ...]
    when: CancelWhen
    reason: str
    note: str = ""
    credit_unused: bool = False

    def __post_init__(self) -> None:
        if len(self.note) > NOTE_LENGTH:
            raise InvalidCancellation(_("A note has at most 500 letters."), field="note")
        if self.credit_unused and self.when is CancelWhen.PERIOD_END:
            raise InvalidCancellation(_("Nothing is unused when it ends with its period."), field="credit_unused")

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.CANCEL} | ({Permission.CREDIT} if self.credit_unused else set()))

    def inputs(self) -> dict[str, Any]:
        return {
            "when": self.when.value,
            "why": str(self.reason),
            "credit_unused": self.credit_unused,
            "reason": self.note.strip(),
        }

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        when = CancelWhen(inputs["when"])
        return cls(targets, when, inputs["why"], inputs["reason"], inputs["credit_unused"])

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        if not is_known(partner_id, self.reason):
            raise InvalidCancellation(_("There is no such reason."), field="reason")
        wish = CancelWish(self.when, str(self.reason), self.note.strip(), self.credit_unused)
        return lambda one, ids, now: plan_cancellation(one, wish, ids=ids, now=now)

    def apply(self, plans: Sequence[MoneyPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
        SubscriptionVerb.apply(self, plans, actor=actor, action_id=action_id, now=now)
        acting = [plan.planned.plan.facts for plan in plans if plan.planned]
        left = [facts.subscription_id for facts in acting if not facts.is_restarting]
        note_leaving(left, str(self.reason), actor=actor, now=now)


@dataclass(frozen=True, slots=True)
class Keep(SubscriptionVerb):
    """It does not end with its period after all."""

    name: ClassVar[str] = "keep"

    targets: tuple[Target, ...]

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.CANCEL})

    def inputs(self) -> dict[str, Any]:
        return {}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, **inputs)

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        return lambda one, _, __: plan_keep(one)
