"""First answers to tickets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from partnerpanel.policy.rules.kinds import Whole

HOURS = Whole(1, 720)


@dataclass(frozen=True, slots=True)
class SlaHours:
    """Targets by priority, in the partner's business hours."""

    critical: Annotated[int, HOURS] = 1
    important: Annotated[int, HOURS] = 4
    general: Annotated[int, HOURS] = 24
    feature: Annotated[int, HOURS] = 48


@dataclass(frozen=True, slots=True)
class SlaPolicy:
    hours: SlaHours = field(default_factory=SlaHours)
