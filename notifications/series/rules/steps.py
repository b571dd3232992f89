"""Which mails a series has, on which day each is due, and whether it still fits when that day has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from partnerpanel.kernel.clock import local_date, start_of_day
from partnerpanel.policy.rules.policy import LifecyclePolicy
from subscriptions.rules.states import Lifecycle

# Nobody is written to in the night: what is due on a day is due at this hour of the customer's zone.
HOUR = 10


# After so long a step has missed its day.
STALE = timedelta(days=2)


class Series(StrEnum):
    WELCOME = "welcome"
    WINBACK = "winback"


# The events that begin a series, and those of its steps, in the order of the policy's days.
BEGUN_BY: Mapping[str, Series] = {
    "subscription.started": Series.WELCOME,
    "subscription.trial_started": Series.WELCOME,
    "subscription.cancelled": Series.WINBACK,
}
EVENTS: Mapping[Series, tuple[str, ...]] = {
    Series.WELCOME: ("series.welcome_guide", "series.welcome_features", "series.welcome_feedback"),
    Series.WINBACK: ("series.winback",),
}


class Outcome(StrEnum):
    """`stopped`: what it was about is no longer so, or its day has passed."""

    WAITING = "waiting"
    TOLD = "told"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Standing:
    """A subscription as a step looks at it."""

    lifecycle: Lifecycle
    cancels: bool
    is_blocked: bool


def due_of_welcome(policy: LifecyclePolicy, *, begun_at: datetime, zone: str) -> list[datetime]:
    """When each step is due. The first of the policy's days is that of the mail which says that it has begun."""
    return [morning_after(begun_at, days, zone=zone) for days in policy.welcome.days[1:]]


def due_of_winback(policy: LifecyclePolicy, *, cancelled_at: datetime, ends_on: date, zone: str) -> datetime:
    """So many days before the end, and where fewer are left 24 hours after the cancellation."""
    on = ends_on - timedelta(days=policy.winback.days_before_end)
    if on <= local_date(cancelled_at, zone):
        return cancelled_at + timedelta(hours=24)
    return start_of_day(on, zone) + timedelta(hours=HOUR)


def still_fits(series: Series, standing: Standing, *, due_at: datetime, now: datetime) -> bool:
    """Whether the step is to be told: a welcome while the service runs, an offer while it is about to end; neither
    days after its day, when an outage has passed."""
    if now - due_at > STALE:
        return False
    runs = standing.lifecycle in (Lifecycle.TRIALING, Lifecycle.ACTIVE) and not standing.is_blocked
    return runs and standing.cancels == (series is Series.WINBACK)


def morning_after(begun_at: datetime, days: int, *, zone: str) -> datetime:
    """So many days later, at HOUR in the customer's zone."""
    return start_of_day(local_date(begun_at, zone) + timedelta(days=days), zone) + timedelta(hours=HOUR)
