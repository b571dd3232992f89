"""Where a dispute stands."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class DisputeStatus(StrEnum):
    """The customer's bank takes a payment back: we answer with evidence, the bank looks at it, and decides."""

    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"


OPEN = (DisputeStatus.NEEDS_RESPONSE, DisputeStatus.UNDER_REVIEW)
# News arrive in any order: what is decided is not opened again by older news, and the last decision holds.
RANK: Mapping[DisputeStatus, int] = {
    DisputeStatus.NEEDS_RESPONSE: 1,
    DisputeStatus.UNDER_REVIEW: 2,
    DisputeStatus.WON: 3,
    DisputeStatus.LOST: 3,
}
