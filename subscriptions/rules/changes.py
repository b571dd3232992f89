"""Changes of what was agreed: which there are, where one stands, and which way a change of plan goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from partnerpanel.kernel.derivation import Derivation, Derived
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.policy.rules.change import DirectionBy
from subscriptions.rules.addons import HeldAddon

DIRECTION = "direction_of_change"

# A month counts a twelfth of a year, and a year has 365 days.
DAYS = {Unit.DAY: Fraction(1), Unit.WEEK: Fraction(7), Unit.MONTH: Fraction(365, 12), Unit.YEAR: Fraction(365)}


class ChangeKind(StrEnum):
    """What is changed: the plan, the plan back to an earlier one, how many of it, the billing date, or an add-on."""

    PLAN = "plan"
    ROLLBACK = "rollback"
    QUANTITY = "quantity"
    BILLING_DATE = "billing_date"
    ADDON = "addon"


class ChangeState(StrEnum):
    """`scheduled` waits for the renewal, `awaiting` for its payment; both are open, and a subscription has one."""

    SCHEDULED = "scheduled"
    AWAITING = "awaiting"
    APPLIED = "applied"
    CANCELLED = "cancelled"
    FAILED = "failed"
    REVERSED = "reversed"


OPEN_STATES = (ChangeState.SCHEDULED, ChangeState.AWAITING)


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    LATERAL = "lateral"


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan at a price: the list price of one unit in the subscription's currency, or the price agreed."""

    id: UUID
    product_id: UUID
    name: str
    interval: Interval
    rank: int
    price: Money
    is_sellable: bool = True
    allowances: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Deal:
    """What a subscription is on: a plan, how many of it, and the price of one of them."""

    plan: PlanFacts
    quantity: int
    is_agreed: bool

    @property
    def price(self) -> Money:
        """For one interval, before coupon and tax."""
        return self.plan.price.times(self.quantity)


@dataclass(frozen=True, slots=True)
class OpenChange:
    """A change that is agreed and has not happened yet, with what it will set. `ends_on` None leaves the dates.

    `starts_on` begins a new term on that day; without it only the end of the running one moves. `addon` is added.
    """

    id: UUID
    kind: ChangeKind
    state: ChangeState
    deal: Deal
    direction: Direction | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    anchor_on: date | None = None
    addon: HeldAddon | None = None


@dataclass(frozen=True, slots=True)
class PastChange:
    """A change of plan that took effect: from what, and the dates that it replaced."""

    id: UUID
    kind: ChangeKind
    deal: Deal
    anchor_on: date
    ends_on: date
    term_number: int
    moved_dates: bool


def days_of(interval: Interval) -> Fraction:
    """Days of an interval on average; a year is 365 and a month a twelfth of it."""
    return DAYS[interval.unit] * interval.count


def price_per_day(price: Money, interval: Interval) -> Fraction:
    """Minor units a day."""
    return Fraction(price.amount) / days_of(interval)


def direction_of(old: PlanFacts, new: PlanFacts, by: DirectionBy) -> Derived[Direction]:
    """Which way the change goes, and by what that was decided: the rank, or the price per day where ranks say nothing.

    Ranks are compared within a product only.
    """
    ranked = by is DirectionBy.RANK_THEN_PRICE and old.product_id == new.product_id and old.rank != new.rank
    if ranked:
        return _said(Direction.UP if new.rank > old.rank else Direction.DOWN, "rank", str(old.rank), str(new.rank))
    before, after = price_per_day(old.price, old.interval), price_per_day(new.price, new.interval)
    direction = Direction.UP if after > before else Direction.DOWN if after < before else Direction.LATERAL
    return _said(direction, "price_per_day", _per_day(before, old.price), _per_day(after, new.price))


def direction_of_quantity(old: int, new: int) -> Derived[Direction]:
    """More of the same plan is up, fewer is down."""
    direction = Direction.UP if new > old else Direction.DOWN if new < old else Direction.LATERAL
    return _said(direction, "quantity", str(old), str(new))


def _said(direction: Direction, by: str, before: str, after: str) -> Derived[Direction]:
    return Derived(direction, Derivation(DIRECTION, {"by": by, "before": before, "after": after}))


def _per_day(amount: Fraction, price: Money) -> str:
    return str(Money(1, price.currency).times(amount))
