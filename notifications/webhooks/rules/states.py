"""The states of a delivery, and why an endpoint is off."""

from __future__ import annotations

from enum import StrEnum


class DeliveryState(StrEnum):
    """`dropped`: its endpoint was switched off before it arrived."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    DROPPED = "dropped"


class DisabledReason(StrEnum):
    """`gone`: it answered 410. `failing`: days of nothing but failures."""

    BY_HAND = "by_hand"
    GONE = "gone"
    FAILING = "failing"
