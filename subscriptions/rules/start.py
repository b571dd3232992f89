"""What a new or moved-in subscription begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Period, nth_period, period_on
from subscriptions.rules.recurring import WHOLE
from subscriptions.rules.states import SERVED, Collection, HoldKind, Lifecycle

# Of one subscription; beyond it amounts would no longer fit a column.
MOST_QUANTITY = 1_000_000
MAY_HAVE_TRIAL = frozenset({Lifecycle.TRIALING, Lifecycle.SCHEDULED})


class InvalidSubscription(DomainError):
    """A subscription's data that cannot be taken; `field` names which."""

    code = "invalid_subscription"


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """A subscription to be written.

    `price` is the unit price agreed with this customer; None takes the plan's. One that moves in from elsewhere
    states what it is: lifecycle, collection, when it started and ended, holds. Its running term is numbered from the
    anchor, as if it had been here all along. `paid_elsewhere`: that term was paid for outside of here, so what is
    unused of it can be given back. `id` is made where none is given. `net_share` is what of
    the price is left without a tax that it contains. `card_id` is charged in the place of the customer's default.
    """

    customer_id: UUID
    plan_id: UUID
    currency: str
    timezone: str
    started_at: datetime
    quantity: int = 1
    price: Money | None = None
    anchor_on: date | None = None
    lifecycle: Lifecycle = Lifecycle.ACTIVE
    collection: Collection = Collection.CURRENT
    trial_ends_at: datetime | None = None
    ended_at: datetime | None = None
    cancel_at_period_end: bool = False
    auto_renew: bool = True
    paused_from: datetime | None = None
    paused_until: datetime | None = None
    awaits_cut_over: bool = False
    paid_elsewhere: bool = False
    external_id: str = ""
    holds: tuple[tuple[HoldKind, str], ...] = ()
    with_service: bool = True
    id: UUID | None = None
    net_share: Fraction = WHOLE
    card_id: UUID | None = None


def checked(new: NewSubscription) -> None:
    """Raises InvalidSubscription for facts that contradict each other."""
    if not 1 <= new.quantity <= MOST_QUANTITY:
        raise InvalidSubscription("A quantity is from 1 to 1,000,000.", field="quantity")
    if new.price is not None and new.price.currency != new.currency:
        raise InvalidSubscription(
            f"The price is in {new.price.currency}, the subscription in {new.currency}.", field="price"
        )
    if new.price is not None and new.price.amount < 0:
        raise InvalidSubscription("A price is zero or more.", field="price")
    if (new.lifecycle is Lifecycle.ENDED) != (new.ended_at is not None):
        raise InvalidSubscription("An ended subscription has an end, and no other has one.", field="ended_at")
    if new.ended_at is not None and new.ended_at < new.started_at:
        raise InvalidSubscription("A subscription ends after it starts.", field="ended_at")
    if new.lifecycle is Lifecycle.TRIALING and new.trial_ends_at is None:
        raise InvalidSubscription("A trialing subscription has the end of its trial.", field="trial_ends_at")
    if new.lifecycle not in MAY_HAVE_TRIAL and new.trial_ends_at is not None:
        raise InvalidSubscription(
            "Only one that is in its trial, or begins with one, has its end.", field="trial_ends_at"
        )


def anchor_of(new: NewSubscription) -> date:
    """The date its periods are counted from: the one given, the end of its trial, or the day it started."""
    if new.anchor_on is not None:
        return new.anchor_on
    return local_date(new.trial_ends_at or new.started_at, new.timezone)


def current_term(new: NewSubscription, interval: Interval, *, now: datetime) -> tuple[int, Period] | None:
    """Number (from 1) and dates of the term to begin with; None where nothing has been or will soon be billed.

    For a trial it is the trial itself; for an ended subscription the last one; for one whose period is over and
    unpaid (in collection) the term that was paid last.
    """
    started_on = local_date(new.started_at, new.timezone)
    if new.lifecycle is Lifecycle.TRIALING and new.trial_ends_at is not None:
        ends_on = local_date(new.trial_ends_at, new.timezone)
        return (1, Period(started_on, ends_on)) if ends_on > started_on else None
    if new.lifecycle not in SERVED and new.lifecycle is not Lifecycle.ENDED:
        return None
    anchor = anchor_of(new)
    if new.ended_at is not None:
        day = max(local_date(new.ended_at, new.timezone), anchor)
        n, period = period_on(anchor=anchor, interval=interval, day=day)
        if period.starts_on == day and n > 0:  # it ended with the period before
            n, period = n - 1, nth_period(anchor=anchor, interval=interval, n=n - 1)
        return n + 1, period
    n, period = period_on(anchor=anchor, interval=interval, day=max(local_date(now, new.timezone), anchor))
    if new.collection is not Collection.CURRENT and n > 0:
        n, period = n - 1, nth_period(anchor=anchor, interval=interval, n=n - 1)
    return n + 1, period
