"""What may change of an imported subscription until the partner has moved in, and what the cut-over brings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from partnerpanel.kernel.clock import start_of_day
from partnerpanel.kernel.period import Interval, Period, nth_period
from subscriptions.rules.recurring import WHOLE
from subscriptions.rules.states import SERVED, Lifecycle

MAX_TERMS = 1_000


@dataclass(frozen=True, slots=True)
class SubscriptionTerms:
    """What was agreed: plan, unit price in minor units (`is_agreed`: its own, not the plan's), quantity and state."""

    plan_id: UUID
    currency: str
    price_amount: int
    is_agreed: bool
    quantity: int
    lifecycle: Lifecycle
    cancel_at_period_end: bool = False


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """New terms for a subscription that waits for its cut-over; `ended_at` where they end it, `net_share` as in
    NewSubscription."""

    subscription_id: UUID
    terms: SubscriptionTerms
    ended_at: datetime | None = None
    net_share: Fraction = WHOLE


def terms_until(
    *, lifecycle: Lifecycle, anchor: date, interval: Interval, last_number: int, timezone: str, now: datetime
) -> list[tuple[int, Period]]:
    """Numbers and dates of the terms that began while the subscription waited, up to the one running at `now`.

    They were billed elsewhere; without them the cut-over would bill them once more. None for one that has ended.
    `last_number` is the newest term there is, counted from 1 at the anchor. At most a thousand.
    """
    found: list[tuple[int, Period]] = []
    while lifecycle in SERVED and len(found) < MAX_TERMS:
        period = nth_period(anchor=anchor, interval=interval, n=last_number + len(found))
        if start_of_day(period.starts_on, timezone) > now:
            break
        found.append((last_number + len(found) + 1, period))
    return found
