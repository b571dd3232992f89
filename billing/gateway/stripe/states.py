"""Words that the rows of the Stripe gateway use."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """Stripe keeps test and live apart; a key says itself which of them it is for."""

    TEST = "test"
    LIVE = "live"


class Kind(StrEnum):
    """What a key is for."""

    CHARGE = "charge"
    REFUND = "refund"
