"""The three independent axes of a subscription, and the reasons that block access."""

from __future__ import annotations

from enum import StrEnum


class Lifecycle(StrEnum):
    SCHEDULED = "scheduled"
    INCOMPLETE = "incomplete"
    TRIALING = "trialing"
    ACTIVE = "active"
    ENDED = "ended"


class Collection(StrEnum):
    CURRENT = "current"
    RETRYING = "retrying"
    GRACE = "grace"
    DELINQUENT = "delinquent"


class Access(StrEnum):
    OPEN = "open"
    BLOCKED = "blocked"


class HoldKind(StrEnum):
    """Why access is blocked. `nonpayment` is released by payment, `manual` and `abuse` by a person,
    `fraud_review` by a review, `ban` by lifting the ban alone, `provisioning` when the service is set up."""

    NONPAYMENT = "nonpayment"
    MANUAL = "manual"
    ABUSE = "abuse"
    FRAUD_REVIEW = "fraud_review"
    BAN = "ban"
    PROVISIONING = "provisioning"


SERVED = frozenset({Lifecycle.TRIALING, Lifecycle.ACTIVE})
# Not yet.
UNSERVED = frozenset({Lifecycle.SCHEDULED, Lifecycle.INCOMPLETE})


def access_of(lifecycle: Lifecycle, holds: frozenset[HoldKind], *, is_paused: bool) -> Access:
    """Open while trialing or active, and neither held nor paused."""
    return Access.OPEN if lifecycle in SERVED and not holds and not is_paused else Access.BLOCKED


def counts_as_suspended(lifecycle: Lifecycle, holds: frozenset[HoldKind]) -> bool:
    """Any hold but provisioning, on a subscription that has not ended."""
    return lifecycle is not Lifecycle.ENDED and bool(holds - {HoldKind.PROVISIONING})
