"""Days of service after the period ended unpaid, and what follows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.kinds import Amount, Whole


class GraceStarts(StrEnum):
    """When the collection axis turns to grace. A hard decline, or no automatic renewal, turns it at once."""

    RETRIES_EXHAUSTED = "retries_exhausted"
    FIRST_FAILURE = "first_failure"


class GraceCountedFrom(StrEnum):
    """What the days to the deadline count from: the first attempt's day, or the day of the last planned retry."""

    DUE_DATE = "due_date"
    LAST_RETRY = "last_retry"


class GraceThen(StrEnum):
    """What happens at the deadline. `suspend` holds the subscription, `freeze` everything of its customer."""

    SUSPEND = "suspend"
    FREEZE = "freeze"
    DOWNGRADE_TO_FREE = "downgrade_to_free"
    CANCEL = "cancel"


class GraceAccess(StrEnum):
    """What the customer can use during grace."""

    FULL = "full"
    LIMITED = "limited"


class RenewInside(StrEnum):
    """What a payment that somebody makes in grace does to the dates. A retry that succeeds keeps the schedule."""

    EXTEND = "extend"
    KEEP_SCHEDULE = "keep_schedule"


class FeeBasis(StrEnum):
    """What the percentage of the fee is taken of: the price of the days of grace, or the whole price."""

    PRORATA = "prorata"
    FLAT = "flat"


@dataclass(frozen=True, slots=True)
class RenewAfter:
    """The fee for renewing after the deadline; `cap` binds prices in its own currency."""

    percent: Annotated[int, Whole(0, 100)] = 0
    basis: FeeBasis = FeeBasis.PRORATA
    cap: Annotated[Money | None, Amount()] = None
    waivable: bool = True


@dataclass(frozen=True, slots=True)
class GracePolicy:
    """The deadline is 00:00 local time of the day counted from plus `days`; from then on it is after grace."""

    starts: GraceStarts = GraceStarts.RETRIES_EXHAUSTED
    days: Annotated[int, Whole(1, 365)] = 7
    counted_from: GraceCountedFrom = GraceCountedFrom.DUE_DATE
    then: GraceThen = GraceThen.SUSPEND
    access: GraceAccess = GraceAccess.FULL
    renew_inside: RenewInside = RenewInside.EXTEND
    renew_after: RenewAfter = field(default_factory=RenewAfter)
