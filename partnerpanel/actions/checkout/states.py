"""Where an order stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum


class CheckoutState(StrEnum):
    """`open`: nothing is ordered yet. `paying`: ordered; a card or the first payment is awaited.

    One that nobody ordered is `expired`, one that nobody paid `abandoned`. A price that moved opens it again.
    """

    OPEN = "open"
    PAYING = "paying"
    COMPLETED = "completed"
    EXPIRED = "expired"
    ABANDONED = "abandoned"


FOLLOWS: Mapping[CheckoutState, frozenset[CheckoutState]] = {
    CheckoutState.OPEN: frozenset({CheckoutState.PAYING, CheckoutState.EXPIRED}),
    CheckoutState.PAYING: frozenset({CheckoutState.OPEN, CheckoutState.COMPLETED, CheckoutState.ABANDONED}),
    CheckoutState.COMPLETED: frozenset(),
    CheckoutState.EXPIRED: frozenset(),
    CheckoutState.ABANDONED: frozenset(),
}
IN_HAND = (CheckoutState.OPEN, CheckoutState.PAYING)
# How long nobody needs to come back: without an order, and with one that waits for a card.
OPEN_FOR = timedelta(hours=24)
CARD_WITHIN = timedelta(hours=24)
