"""Suspend: a hold with a reason on a customer or on one subscription."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from partnerpanel.actions.permission import Permission
from partnerpanel.actions.verb import Target, load_targets
from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.actor import Actor
from subscriptions.rules.access_plan import AccessPlan
from subscriptions.rules.states import HoldKind
from subscriptions.rules.suspension import PLACEABLE, plan_suspension
from subscriptions.services import access
from subscriptions.services.access import Evidence

REASON_LENGTH = 500
EVIDENCE_BYTES = 2 * 1024 * 1024


class InvalidSuspension(DomainError):
    """A suspension that lacks what it needs; `field` names which."""

    code = "invalid_suspension"


@dataclass(frozen=True, slots=True)
class Suspend:
    """Raises InvalidSuspension without a kind that people may place, without a reason, or for a large file."""

    name: ClassVar[str] = "suspend"

    targets: tuple[Target, ...]
    kind: HoldKind
    reason: str
    evidence: Evidence = field(default=Evidence())

    def __post_init__(self) -> None:
        if self.kind not in PLACEABLE:
            raise InvalidSuspension(_("Choose why the account is suspended."), field="kind")
        if not 1 <= len(self.reason.strip()) <= REASON_LENGTH:
            raise InvalidSuspension(_("Give a reason of at most 500 letters; the customer reads it."), field="reason")
        refuse_large(self.evidence, InvalidSuspension)

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.SUSPEND})

    def inputs(self) -> dict[str, Any]:
        return {"kind": self.kind.value, "reason": self.reason.strip()}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, HoldKind(inputs["kind"]), inputs["reason"])

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> list[AccessPlan]:
        facts = load_targets(self.targets, partner_id=partner_id, now=now, lock=lock)
        return [
            plan_suspension(
                facts[target.customer_id],
                subscription_id=target.subscription_id,
                kind=self.kind,
                reason=self.reason.strip(),
            )
            for target in self.targets
        ]

    def apply(self, plans: Sequence[AccessPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
        access.apply(plans, actor=actor, action_id=action_id, now=now, evidence=self.evidence)


def refuse_large(evidence: Evidence, error: type[DomainError]) -> None:
    """Raises the error for a file that is larger than EVIDENCE_BYTES."""
    if evidence.content and len(evidence.content) > EVIDENCE_BYTES:
        raise error(_("The file is too large; 2 MB at most."), field="evidence_file")
