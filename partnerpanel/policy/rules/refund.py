"""Money given back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from partnerpanel.policy.rules.kinds import Whole


class RefundAccess(StrEnum):
    """What a refund does to access."""

    KEEP = "keep"
    END_NOW = "end_now"
    PERIOD_END = "period_end"


@dataclass(frozen=True, slots=True)
class RefundPolicy:
    """Outside `window_hours` after the payment a refund needs a permission of its own and a reason."""

    window_hours: Annotated[int, Whole(0, 8_760)] = 72
    access: RefundAccess = RefundAccess.KEEP
