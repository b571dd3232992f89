"""Automatic charges after the first failure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from partnerpanel.policy.rules.kinds import Order, Wholes


class RetryCountedFrom(StrEnum):
    """What the offsets count from: all from the first attempt, or each from the attempt before it."""

    FIRST_ATTEMPT = "first_attempt"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """`offsets_days` in days; three of them make four attempts in all. None means no automatic charge again."""

    offsets_days: Annotated[tuple[int, ...], Wholes(1, 90, entries=10, order=Order.ANY)] = (1, 3, 5)
    counted_from: RetryCountedFrom = RetryCountedFrom.FIRST_ATTEMPT
