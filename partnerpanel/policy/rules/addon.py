"""Add-ons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AddonMonth(StrEnum):
    """When a monthly add-on ends: with the calendar month, or a month after the billing day."""

    CALENDAR = "calendar"
    BILLING = "billing"


class AddonOnRenewal(StrEnum):
    """What becomes of recurring add-ons when the plan renews."""

    CARRY = "carry"
    DROP = "drop"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class AddonPolicy:
    month: AddonMonth = AddonMonth.CALENDAR
    on_renewal: AddonOnRenewal = AddonOnRenewal.CARRY
