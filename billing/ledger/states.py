"""What moves a balance by hand, and why."""

from __future__ import annotations

from enum import StrEnum

# Reasons of entries that a person makes.
GRANTED, TAKEN_BACK = "granted", "taken_back"


class CreditReason(StrEnum):
    """`goodwill`: nothing is owed; `correction`: something was charged wrongly; `promised`: it was agreed on."""

    GOODWILL = "goodwill"
    CORRECTION = "correction"
    PROMISED = "promised"
    OTHER = "other"
