"""What a service account can be, and what it may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from subscriptions.rules.states import UNSERVED, HoldKind, Lifecycle


class ServiceState(StrEnum):
    """`absent` before it is set up and after it is removed."""

    ABSENT = "absent"
    ENABLED = "enabled"
    DISABLED = "disabled"


def desired_state(lifecycle: Lifecycle, holds: frozenset[HoldKind], *, is_paused: bool) -> ServiceState:
    """What the account should be: enabled while access is open, not counting that it is still being set up.

    An ended, paused or suspended account is kept, disabled, so that nothing of the customer's is lost.
    """
    if lifecycle in UNSERVED:
        return ServiceState.ABSENT
    if lifecycle is Lifecycle.ENDED or is_paused or holds - {HoldKind.PROVISIONING}:
        return ServiceState.DISABLED
    return ServiceState.ENABLED


NAMED = ("allowances", "extras", "limits")


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """What the account may use: `quantity` times a plan with its allowances, `extras` in all beside that, and whether
    access is limited for now. `limits` are allowances that are set strictly: each holds in all, whatever the others
    give."""

    plan: str
    allowances: tuple[tuple[str, int], ...] = ()
    quantity: int = 1
    is_limited: bool = False
    extras: tuple[tuple[str, int], ...] = ()
    limits: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self | None:
        """As `kept` says; None where nobody has said it yet."""
        if not kept:
            return None
        allowances, extras, limits = (tuple(sorted(kept.get(name, {}).items())) for name in NAMED)
        return cls(kept["plan"], allowances, kept["quantity"], kept["is_limited"], extras, limits)

    def to_keep(self) -> dict[str, Any]:
        """What `of` reads."""
        return {
            "plan": self.plan,
            "allowances": dict(self.allowances),
            "quantity": self.quantity,
            "is_limited": self.is_limited,
            **({"extras": dict(self.extras)} if self.extras else {}),
            **({"limits": dict(self.limits)} if self.limits else {}),
        }
