"""Free months for those who stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from partnerpanel.policy.rules.kinds import Whole


@dataclass(frozen=True, slots=True)
class LoyaltyPolicy:
    """After every so many paid months, so many months are free; off unless switched on."""

    enabled: bool = False
    every_months: Annotated[int, Whole(1, 120)] = 12
    bonus_months: Annotated[int, Whole(1, 12)] = 1
