"""Skipping a renewal, and moving the billing date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from billing.rules.changes.billing_date import BillingDateWish, plan_billing_date
from billing.rules.changes.skipping import SkipWish, plan_skip
from billing.rules.facts import ChangeFacts
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import Rule, SubscriptionVerb
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import DomainError

NOTE_LENGTH = 500


class InvalidSkip(DomainError):
    """A renewal is skipped for no reason that a team could read."""

    code = "invalid_skip"


@dataclass(frozen=True, slots=True)
class SkipRenewal(SubscriptionVerb):
    """The period grows by one interval, for free. Raises InvalidSkip without a note."""

    name: ClassVar[str] = "skip_renewal"

    targets: tuple[Target, ...]
    note: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.note.strip()) <= NOTE_LENGTH:
            raise InvalidSkip(_("Give a note of at most 500 letters; your team reads it."), field="note")

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.EXTEND})

    def inputs(self) -> dict[str, Any]:
        return {"reason": self.note.strip()}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, inputs["reason"])

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        wish = SkipWish(self.note.strip())
        return lambda one, _, now: plan_skip(one, wish, now=now)


@dataclass(frozen=True, slots=True)
class MoveBillingDate(SubscriptionVerb):
    """The period ends on another day, at most one interval later; the days between are charged or credited."""

    name: ClassVar[str] = "move_billing_date"

    targets: tuple[Target, ...]
    on: date

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.CHANGE_PLAN})

    def inputs(self) -> dict[str, Any]:
        return {"on": self.on.isoformat()}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, date.fromisoformat(inputs["on"]))

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        wish = BillingDateWish(self.on)
        return lambda one, ids, now: plan_billing_date(one, wish, ids=ids, now=now)
