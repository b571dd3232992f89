"""Erasing what is known of a person: whether that can be done now, and what should be known before."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from partnerpanel.kernel.errors import Conflict

ERASED = "customer.erased"
EXPORTED = "customer.exported"


NOBODY = "This customer’s personal data is erased, and stays so. Make a new customer instead."


class CustomerErased(Conflict):
    """Nothing is written about somebody whose data is erased."""

    code = "customer_erased"


class ErasureReason(StrEnum):
    """Why somebody's data is erased: the policy's days are over, or somebody wants it."""

    RETENTION = "retention"
    REQUESTED = "requested"


class Obstacle(StrEnum):
    """Why nothing can be erased now."""

    ERASED_ALREADY = "erased_already"
    STILL_SERVED = "still_served"
    MONEY_UNDER_WAY = "money_under_way"


class ErasureCaution(StrEnum):
    """What erasing would forget or leave behind."""

    BALANCE_LEFT = "erasure_balance_left"
    STILL_OWES = "erasure_still_owes"
    FORGETS_BAN = "erasure_forgets_ban"


@dataclass(frozen=True, slots=True)
class ErasureFacts:
    """`is_served`: a subscription of theirs has not ended; `is_moving`: a charge or refund has no outcome yet."""

    is_erased: bool
    is_served: bool
    is_moving: bool
    is_banned: bool
    has_balance: bool
    owes: bool


def obstacle_of(facts: ErasureFacts) -> Obstacle | None:
    """The first of what stands in the way; None where nothing does."""
    if facts.is_erased:
        return Obstacle.ERASED_ALREADY
    if facts.is_served:
        return Obstacle.STILL_SERVED
    return Obstacle.MONEY_UNDER_WAY if facts.is_moving else None


def cautions_of(facts: ErasureFacts) -> tuple[ErasureCaution, ...]:
    """In the order in which they are said."""
    found = {
        ErasureCaution.BALANCE_LEFT: facts.has_balance,
        ErasureCaution.STILL_OWES: facts.owes,
        ErasureCaution.FORGETS_BAN: facts.is_banned,
    }
    return tuple(one for one, holds in found.items() if holds)
