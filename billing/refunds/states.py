"""Where a refund stands, which way it goes and why it was made."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class RefundStatus(StrEnum):
    """`intent` is committed before the gateway is asked; `unknown` means that it was asked and has not answered;
    `pending` that it was accepted and is on its way."""

    INTENT = "intent"
    UNKNOWN = "unknown"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class RefundSource(StrEnum):
    """Which way the money goes back: by the gateway that took it, or outside of it and recorded by hand."""

    GATEWAY = "gateway"
    BANK = "bank"
    CASH = "cash"
    OTHER = "other"


class RefundReason(StrEnum):
    """Why money goes back, as people choose it."""

    REQUESTED = "requested"
    NOT_AS_AGREED = "not_as_agreed"
    DUPLICATE = "duplicate"
    FRAUDULENT = "fraudulent"
    GOODWILL = "goodwill"
    OTHER = "other"


OPEN = (RefundStatus.INTENT, RefundStatus.UNKNOWN, RefundStatus.PENDING)
# A bank may send money back that the gateway had reported as paid out; what has failed stays so.
FOLLOWS: Mapping[RefundStatus, frozenset[RefundStatus]] = {
    RefundStatus.INTENT: frozenset(RefundStatus) - {RefundStatus.INTENT},
    RefundStatus.UNKNOWN: frozenset(RefundStatus) - {RefundStatus.INTENT},
    RefundStatus.PENDING: frozenset({RefundStatus.PENDING, RefundStatus.SUCCEEDED, RefundStatus.FAILED}),
    RefundStatus.SUCCEEDED: frozenset({RefundStatus.FAILED}),
    RefundStatus.FAILED: frozenset(),
}
BY_HAND = (RefundSource.BANK, RefundSource.CASH, RefundSource.OTHER)
