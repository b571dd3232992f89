"""The offer to a customer who has cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from partnerpanel.policy.rules.kinds import Whole


@dataclass(frozen=True, slots=True)
class WinbackPolicy:
    """Where fewer days are left, the offer goes out 24 hours after the cancellation."""

    days_before_end: Annotated[int, Whole(1, 90)] = 7
