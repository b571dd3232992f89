"""Erase: what is known of a person goes, and the books stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from billing.detaching.services import detach_all
from customers.rules.erasure import ErasureReason
from customers.services.erase import erase_customers
from partnerpanel.actions.erasure_plan import ErasurePlan, erasure_plan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.verb import Target, refuse_overlap, refuse_parts
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.personal.holdings import holdings
from partnerpanel.retention.queries.erasing import load_erasable
from partnerpanel.tenancy.actor import Actor


class InvalidErasure(DomainError):
    """A part of a customer, which cannot be erased alone."""

    code = "invalid_erasure"


@dataclass(frozen=True, slots=True)
class Erase:
    """For good: nothing brings it back. Raises InvalidErasure for one subscription."""

    name: ClassVar[str] = "erase"

    targets: tuple[Target, ...]

    def __post_init__(self) -> None:
        message = _("A customer’s data is erased as a whole, not that of one subscription.")
        refuse_parts(self.targets, InvalidErasure, message)

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.ERASE})

    def inputs(self) -> dict[str, Any]:
        return {}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:  # noqa: ARG003
        return cls(targets)

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> list[ErasurePlan]:
        """Raises NotFound, OverlappingTargets."""
        refuse_overlap(self.targets)
        ids = [target.customer_id for target in self.targets]
        found = load_erasable(partner_id, ids, now=now, lock=lock)
        if len(found) != len(ids):
            raise NotFound(_("There is no such customer."))
        return [
            erasure_plan(found[id_], tuple(holdings(partner_id, id_)), reason=ErasureReason.REQUESTED) for id_ in ids
        ]

    def apply(self, plans: Sequence[ErasurePlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
        versions = {plan.customer_id: plan.version for plan in plans if plan.refusal is None}
        detach_all(actor.partner_id, versions.keys(), now=now)
        erase_customers(versions, reason=ErasureReason.REQUESTED, actor=actor, action_id=action_id, now=now)
