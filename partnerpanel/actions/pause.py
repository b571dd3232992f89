"""Pause, from now or from the end of the period; and resume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from billing.rules.changes.pausing import PauseWhen, PauseWish, plan_pausing, plan_resumption
from billing.rules.facts import ChangeFacts
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import Rule, SubscriptionVerb
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import DomainError

__all__ = ["InvalidPause", "Pause", "PauseWhen", "Resume"]

NOTE_LENGTH = 500


class InvalidPause(DomainError):
    """A pause that lacks what it needs; `field` names which."""

    code = "invalid_pause"


@dataclass(frozen=True, slots=True)
class Pause(SubscriptionVerb):
    """`until` is the local day on which it goes on by itself. A pause from now gives unused time to the balance."""

    name: ClassVar[str] = "pause"

    targets: tuple[Target, ...]
    when: PauseWhen
    until: date | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if len(self.note) > NOTE_LENGTH:
            raise InvalidPause(_("A note has at most 500 letters."), field="note")

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.PAUSE} | ({Permission.CREDIT} if self.when is PauseWhen.NOW else set()))

    def inputs(self) -> dict[str, Any]:
        until = self.until.isoformat() if self.until else None
        return {"when": self.when.value, "until": until, "reason": self.note.strip()}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        until = date.fromisoformat(inputs["until"]) if inputs["until"] else None
        return cls(targets, PauseWhen(inputs["when"]), until, inputs["reason"])

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        wish = PauseWish(self.when, self.until, self.note.strip())
        return lambda one, ids, now: plan_pausing(one, wish, ids=ids, now=now)


@dataclass(frozen=True, slots=True)
class Resume(SubscriptionVerb):
    """A running pause ends and a new period begins today; one that has not begun is withdrawn."""

    name: ClassVar[str] = "resume"

    targets: tuple[Target, ...]

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.PAUSE})

    def inputs(self) -> dict[str, Any]:
        return {}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, **inputs)

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        return lambda one, _, now: plan_resumption(one, now=now)
