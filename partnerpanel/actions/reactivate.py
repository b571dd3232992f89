"""Reactivate: releasing holds of a customer or of one subscription."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from partnerpanel.actions.permission import Permission
from partnerpanel.actions.verb import Target, load_targets
from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.verifications import open_verifications
from subscriptions.rules.access_plan import AccessPlan
from subscriptions.rules.states import HoldKind
from subscriptions.rules.suspension import PLACEABLE, plan_reactivation
from subscriptions.rules.verification import review_closed
from subscriptions.services import access

REASON_LENGTH = 500


class InvalidReactivation(DomainError):
    """A reactivation that lacks what it needs; `field` names which."""

    code = "invalid_reactivation"


@dataclass(frozen=True, slots=True)
class Reactivate:
    """Releases every hold of `kinds`. Closing a review needs a reason and a permission.

    A nonpayment is not released by itself: a payment, an extension or a waiver say what becomes of what is owed.
    """

    name: ClassVar[str] = "reactivate"

    targets: tuple[Target, ...]
    kinds: frozenset[HoldKind] = frozenset({HoldKind.MANUAL, HoldKind.ABUSE})
    reason: str = ""

    def __post_init__(self) -> None:
        if HoldKind.NONPAYMENT in self.kinds:
            message = _("Take the payment, extend the subscription, or waive what is owed; each opens access again.")
            raise InvalidReactivation(message, field="kinds")
        if not self.kinds or not self.kinds <= frozenset(PLACEABLE):
            raise InvalidReactivation(_("Choose which holds to release."), field="kinds")
        if len(self.reason) > REASON_LENGTH:
            raise InvalidReactivation(_("A reason has at most 500 letters."), field="reason")
        if HoldKind.FRAUD_REVIEW in self.kinds and not self.reason.strip():
            raise InvalidReactivation(_("Say why: it is kept with the release."), field="reason")

    def permissions(self) -> frozenset[Permission]:
        return permissions_to_release(self.kinds)

    def inputs(self) -> dict[str, Any]:
        return {"kinds": sorted(kind.value for kind in self.kinds), "reason": self.reason.strip()}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, frozenset(map(HoldKind, inputs["kinds"])), inputs["reason"])

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> list[AccessPlan]:
        facts = load_targets(self.targets, partner_id=partner_id, now=now, lock=lock)
        asked = open_verifications(partner_id, facts) if HoldKind.FRAUD_REVIEW in self.kinds else {}
        plans = [
            plan_reactivation(
                facts[target.customer_id],
                subscription_id=target.subscription_id,
                kinds=self.kinds,
                reason=self.reason.strip(),
            )
            for target in self.targets
        ]
        return [review_closed(plan, asked.get(plan.customer_id)) for plan in plans]

    def apply(self, plans: Sequence[AccessPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
        access.apply(plans, actor=actor, action_id=action_id, now=now)


def permissions_to_release(kinds: frozenset[HoldKind]) -> frozenset[Permission]:
    """What one must be allowed to, to lift holds of these kinds by whatever verb."""
    review = {Permission.RELEASE_REVIEW} if HoldKind.FRAUD_REVIEW in kinds else set()
    return frozenset({Permission.SUSPEND} | review)
