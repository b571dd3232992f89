"""The situations that customers are in, and how many of a hundred are in each."""

from __future__ import annotations

from enum import StrEnum


class Case(StrEnum):
    ACTIVE = "active"
    SEVERAL = "several"
    QUANTITY = "quantity"
    AGREED = "agreed"
    NEWCOMER = "newcomer"
    LEGACY = "legacy"
    TRIALING = "trialing"
    SCHEDULED = "scheduled"
    INCOMPLETE = "incomplete"
    CANCELLING = "cancelling"
    PAUSED = "paused"
    PAUSED_OPEN = "paused_open"
    CUT_OVER = "cut_over"
    RETRYING = "retrying"
    GRACE = "grace"
    DELINQUENT = "delinquent"
    FROZEN = "frozen"
    CLOSED_CARD = "closed_card"
    BY_HAND = "by_hand"
    HELD = "held"
    HELD_WIDE = "held_wide"
    RELEASED = "released"
    ENDED = "ended"
    RETURNED = "returned"
    PARKED = "parked"


# The rest of a hundred is simply active. One customer in all is parked.
PER_HUNDRED: dict[Case, float] = {
    Case.SEVERAL: 8,
    Case.QUANTITY: 5,
    Case.AGREED: 4,
    Case.NEWCOMER: 5,
    Case.LEGACY: 4,
    Case.TRIALING: 5,
    Case.SCHEDULED: 1.5,
    Case.INCOMPLETE: 1.5,
    Case.CANCELLING: 4,
    Case.PAUSED: 2,
    Case.PAUSED_OPEN: 1,
    Case.CUT_OVER: 2,
    Case.RETRYING: 2.5,
    Case.GRACE: 3,
    Case.DELINQUENT: 3,
    Case.FROZEN: 1,
    Case.CLOSED_CARD: 1.5,
    Case.BY_HAND: 4,
    Case.HELD: 2.5,
    Case.HELD_WIDE: 2.5,
    Case.RELEASED: 4,
    Case.ENDED: 9,
    Case.RETURNED: 2,
}


def cases_for(customers: int) -> list[Case]:
    """One case per customer: the rest is active."""
    found = [Case.PARKED]
    for case, share in PER_HUNDRED.items():
        found += [case] * max(1, round(customers * share / 100))
    found += [Case.ACTIVE] * (customers - len(found))
    return found[:customers]
