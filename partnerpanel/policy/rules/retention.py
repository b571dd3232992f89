"""How long a customer's data is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from partnerpanel.policy.rules.kinds import Whole

# The customer is warned so many days before the erasure; the last warning must fit into the shortest time.
WARNINGS_DAYS = (14, 3)


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """Counted from the end, or from the suspension for nonpayment; None keeps the data for good."""

    days_after_end: Annotated[int | None, Whole(WARNINGS_DAYS[-1], 3_650, or_never=True)] = 30
