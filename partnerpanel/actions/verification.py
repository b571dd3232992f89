"""Require verification: a customer is asked to show who they are; and what follows when it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from partnerpanel.actions.permission import Permission
from partnerpanel.actions.suspend import REASON_LENGTH
from partnerpanel.actions.verb import Target, load_targets, refuse_parts
from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.verifications import open_verifications
from subscriptions.rules.access_plan import AccessPlan, Demand
from subscriptions.rules.verification import VerificationPreset, plan_verification, plan_verified
from subscriptions.services import access


class InvalidVerification(DomainError):
    """A demand, or its answer, that lacks what it needs; `field` names which."""

    code = "invalid_verification"


@dataclass(frozen=True, slots=True)
class RequireVerification:
    """`asks` are words beside the presets. Raises InvalidVerification where nothing is asked for."""

    name: ClassVar[str] = "require_verification"

    targets: tuple[Target, ...]
    presets: tuple[VerificationPreset, ...]
    asks: str = ""
    blocks: bool = True

    def __post_init__(self) -> None:
        _refuse_part(self.targets)
        if not self.presets and not self.asks.strip():
            raise InvalidVerification(_("Choose or write what the customer has to send."), field="presets")
        if len(self.asks.strip()) > REASON_LENGTH:
            raise InvalidVerification(_("What you ask for has at most 500 letters."), field="asks")

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.SUSPEND})

    def inputs(self) -> dict[str, Any]:
        presets = [one.value for one in self.presets]
        return {"presets": presets, "reason": self.asks.strip(), "blocks": self.blocks}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, tuple(map(VerificationPreset, inputs["presets"])), inputs["reason"], inputs["blocks"])

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> list[AccessPlan]:
        facts = load_targets(self.targets, partner_id=partner_id, now=now, lock=lock)
        present = open_verifications(partner_id, facts)
        demand = Demand(tuple(one.value for one in self.presets), self.asks.strip(), self.blocks)
        return [
            plan_verification(facts[target.customer_id], present.get(target.customer_id), demand)
            for target in self.targets
        ]

    def apply(self, plans: Sequence[AccessPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
        access.apply(plans, actor=actor, action_id=action_id, now=now)


@dataclass(frozen=True, slots=True)
class Verified:
    """What was asked for is shown; the review is over. Raises InvalidVerification without a reason."""

    name: ClassVar[str] = "verified"

    targets: tuple[Target, ...]
    reason: str

    def __post_init__(self) -> None:
        _refuse_part(self.targets)
        if not 1 <= len(self.reason.strip()) <= REASON_LENGTH:
            message = _("Say what was shown, in at most 500 letters: it is kept with the release.")
            raise InvalidVerification(message, field="reason")

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.SUSPEND, Permission.RELEASE_REVIEW})

    def inputs(self) -> dict[str, Any]:
        return {"reason": self.reason.strip()}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, inputs["reason"])

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> list[AccessPlan]:
        facts = load_targets(self.targets, partner_id=partner_id, now=now, lock=lock)
        present = open_verifications(partner_id, facts)
        return [
            plan_verified(facts[target.customer_id], present.get(target.customer_id), reason=self.reason.strip())
            for target in self.targets
        ]

    def apply(self, plans: Sequence[AccessPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
        access.apply(plans, actor=actor, action_id=action_id, now=now)


def _refuse_part(targets: Sequence[Target]) -> None:
    refuse_parts(targets, InvalidVerification, _("A customer is verified as a whole, not one subscription."))
