"""What happens before a period ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.policy.rules.kinds import Order, Wholes

DAYS_BEFORE = Wholes(1, 365, entries=5, order=Order.FALLING)
YEARLY_FROM = {Unit.DAY: 365, Unit.WEEK: 52, Unit.MONTH: 12, Unit.YEAR: 1}


@dataclass(frozen=True, slots=True)
class RenewalPolicy:
    """Days before the end of a period on which the customer is reminded; yearly plans have days of their own."""

    reminders_days: Annotated[tuple[int, ...], DAYS_BEFORE] = (3,)
    reminders_days_yearly: Annotated[tuple[int, ...], DAYS_BEFORE] = (30, 7, 3)


def is_yearly(interval: Interval) -> bool:
    """Whether a plan of this interval counts as a yearly one: a year or longer, in whatever unit."""
    return interval.count >= YEARLY_FROM[interval.unit]
