"""How often something happens to a customer. One set, so that a past looks like that of a firm that one knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from billing.gateway.sandbox.methods import DECLINES_ON_RENEWAL, HARD_DECLINE, OK, SOFT_DECLINE


class Deed(StrEnum):
    """What a customer asks for, or a colleague does."""

    UPGRADE = "upgrade"
    DOWNGRADE = "downgrade"
    ROLL_BACK = "roll_back"
    CANCEL = "cancel"
    CANCEL_NOW = "cancel_now"
    KEEP = "keep"
    RETURN = "return"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    SELL_TIME = "sell_time"
    SKIP = "skip"
    MOVE_DATE = "move_date"
    SUSPEND = "suspend"
    REACTIVATE = "reactivate"
    GOOD_CARD = "good_card"
    EMPTY_CARD = "empty_card"
    CLOSED_CARD = "closed_card"
    PAY = "pay"


@dataclass(frozen=True, slots=True)
class Follow:
    """What may come after a deed: in so many of a hundred cases, between the first and the last day after it."""

    deed: Deed
    of_hundred: float
    first: int
    last: int


# Of a hundred customers in each of their months.
MONTHLY: Mapping[Deed, float] = {
    Deed.UPGRADE: 0.6,
    Deed.DOWNGRADE: 0.3,
    Deed.CANCEL: 1.2,
    Deed.CANCEL_NOW: 0.15,
    Deed.PAUSE: 0.2,
    Deed.EXTEND: 0.15,
    Deed.SELL_TIME: 0.1,
    Deed.SKIP: 0.1,
    Deed.MOVE_DATE: 0.1,
    Deed.SUSPEND: 0.1,
    Deed.GOOD_CARD: 0.2,
    Deed.EMPTY_CARD: 0.25,
    Deed.CLOSED_CARD: 0.1,
}
FOLLOWS: Mapping[Deed, tuple[Follow, ...]] = {
    Deed.UPGRADE: (Follow(Deed.ROLL_BACK, 12, 1, 6),),
    Deed.CANCEL: (Follow(Deed.KEEP, 20, 2, 9), Follow(Deed.RETURN, 15, 40, 150)),
    Deed.CANCEL_NOW: (Follow(Deed.RETURN, 15, 20, 90),),
    Deed.PAUSE: (Follow(Deed.RESUME, 50, 10, 45),),
    Deed.SUSPEND: (Follow(Deed.REACTIVATE, 85, 1, 12),),
}
# What a customer does who could not be charged, and how likely: most by themselves, some late, some never.
AFTER_A_DECLINE: Mapping[Follow | None, int] = {
    Follow(Deed.GOOD_CARD, 100, 1, 4): 50,
    Follow(Deed.PAY, 100, 1, 6): 20,
    Follow(Deed.PAY, 100, 7, 20): 12,
    Follow(Deed.GOOD_CARD, 100, 7, 25): 8,
    None: 10,
}
# What customers have on file when they come; without a card, a bill is paid by bank.
FIRST_CARDS: Mapping[str, int] = {OK: 93, DECLINES_ON_RENEWAL: 3, SOFT_DECLINE: 1, "": 3}
CARDS: Mapping[Deed, str] = {Deed.GOOD_CARD: OK, Deed.EMPTY_CARD: SOFT_DECLINE, Deed.CLOSED_CARD: HARD_DECLINE}
