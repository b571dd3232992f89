"""Waive: what is owed for a subscription is forgiven, and it goes on until its next billing date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from billing.rules.changes.waiving import plan_waiver
from billing.rules.facts import ChangeFacts
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import Rule, SubscriptionVerb
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import DomainError

NOTE_LENGTH = 500


class InvalidWaiver(DomainError):
    """A waiver without a reason that a team could read."""

    code = "invalid_waiver"


@dataclass(frozen=True, slots=True)
class Waive(SubscriptionVerb):
    """Raises InvalidWaiver without a note."""

    name: ClassVar[str] = "waive"
    while_banned: ClassVar[bool] = True

    targets: tuple[Target, ...]
    note: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.note.strip()) <= NOTE_LENGTH:
            raise InvalidWaiver(_("Give a note of at most 500 letters; your team reads it."), field="note")

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.WAIVE})

    def inputs(self) -> dict[str, Any]:
        return {"reason": self.note.strip()}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, inputs["reason"])

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        note = self.note.strip()
        return lambda one, _, now: plan_waiver(one, note=note, now=now)
