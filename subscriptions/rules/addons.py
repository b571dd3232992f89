"""Add-ons: what is sold beside a plan, what of it a subscription holds, and until when. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit, nth_period, period_on
from partnerpanel.policy.rules.addon import AddonMonth, AddonOnRenewal
from subscriptions.rules.recurring import WHOLE, monthly_value

if TYPE_CHECKING:
    from subscriptions.rules.changes import PlanFacts

# A week in days and a year in months; months and days have no common measure.
BASE = {Unit.DAY: (Unit.DAY, 1), Unit.WEEK: (Unit.DAY, 7), Unit.MONTH: (Unit.MONTH, 1), Unit.YEAR: (Unit.MONTH, 12)}


class AddonKind(StrEnum):
    """`recurring` is billed with the plan, `expiring` lasts for one interval and is bought again, a `pack` is bought
    once and used up."""

    RECURRING = "recurring"
    EXPIRING = "expiring"
    PACK = "pack"


@dataclass(frozen=True, slots=True)
class AddonOffer:
    """An add-on at its list price of one unit, for one interval where it has one. `plan_ids` are those that it fits;
    none means every plan of its product."""

    id: UUID
    product_id: UUID
    name: str
    kind: AddonKind
    interval: Interval | None
    price: Money
    allowances: tuple[tuple[str, int], ...] = ()
    plan_ids: frozenset[UUID] = frozenset()
    is_sellable: bool = True

    def fits(self, plan: PlanFacts) -> bool:
        """Whether it goes with the plan; a recurring one is billed with it, so its interval divides the plan's."""
        if plan.product_id != self.product_id or (self.plan_ids and plan.id not in self.plan_ids):
            return False
        return self.kind is not AddonKind.RECURRING or times_in(self.interval, plan.interval) is not None


@dataclass(frozen=True, slots=True)
class HeldAddon:
    """So many of an add-on on a subscription, at the price that it was sold at.

    `until_on` is the local day on which it is over, and `ends_at` that instant. `leaves`: it ends with the period;
    `confirmed_term` is the term that somebody wants it in, where the policy asks.
    """

    id: UUID
    offer: AddonOffer
    quantity: int
    from_on: date
    until_on: date | None = None
    ends_at: datetime | None = None
    leaves: bool = False
    confirmed_term: int | None = None

    @property
    def price(self) -> Money:
        """For one of its intervals: unit price × quantity."""
        return self.offer.price.times(self.quantity)

    @property
    def recurs(self) -> bool:
        return self.offer.kind is AddonKind.RECURRING

    def price_in(self, interval: Interval) -> Money:
        """For a period of the plan. Raises ValueError for one that it does not fit."""
        times = times_in(self.offer.interval, interval)
        if times is None:
            raise ValueError("this add-on is not billed with such a plan")
        return self.price.times(times)

    def as_json(self) -> dict[str, Any]:
        """As a change that waits keeps it."""
        interval = self.offer.interval
        return {
            "id": str(self.id),
            "addon": str(self.offer.id),
            "quantity": self.quantity,
            "price": [self.offer.price.amount, self.offer.price.currency],
            "interval": [interval.unit.value, interval.count] if interval else None,
            "from": self.from_on.isoformat(),
            "until": self.until_on.isoformat() if self.until_on else None,
        }

    @classmethod
    def kept(cls, data: Mapping[str, Any], offer: AddonOffer, *, ends_at: datetime | None) -> Self:
        """What `as_json` wrote, with the offer that it names."""
        until = data["until"]
        return cls(
            UUID(data["id"]),
            offer,
            data["quantity"],
            date.fromisoformat(data["from"]),
            date.fromisoformat(until) if until else None,
            ends_at,
        )


@dataclass(frozen=True, slots=True)
class AddonMove:
    """Where a held add-on stands from now on: columns of its row."""

    id: UUID
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ends(self) -> bool:
        return self.values.get("ended_at") is not None


def times_in(part: Interval | None, whole: Interval) -> int | None:
    """How many of one interval make up the other exactly: 12 months a year; None where they do not."""
    if part is None:
        return None
    (unit, size), (of, length) = BASE[part.unit], BASE[whole.unit]
    size, length = size * part.count, length * whole.count
    return length // size if unit is of and length % size == 0 else None


def monthly_of(addons: Iterable[HeldAddon], currency: str, net_share: Fraction = WHOLE) -> Money:
    """What recurring add-ons come to in a month, each rounded by itself; the others are no recurring revenue.

    `net_share` as in `monthly_value`.
    """
    recurring = [(one.price, one.offer.interval) for one in addons if one.recurs]
    parts = [monthly_value(price, interval, net_share) for price, interval in recurring if interval]
    return Money.sum(parts, currency)


def carried(
    addons: Collection[HeldAddon], on_renewal: AddonOnRenewal, *, term: int, plan: PlanFacts | None
) -> tuple[HeldAddon, ...]:
    """The recurring add-ons that the next term, of that number, is billed with; `plan` is one that it brings."""
    return tuple(one for one in addons if one.recurs and _carries(one, on_renewal, term, plan))


def expires_on(interval: Interval, month: AddonMonth, *, anchor: date, today: date) -> date:
    """The local day on which an expiring add-on bought today is over.

    A monthly one by the calendar ends with the month; else it ends on the day of the billing date.
    """
    if interval.unit is Unit.MONTH and month is AddonMonth.CALENDAR:
        return nth_period(anchor=today.replace(day=1), interval=interval, n=0).ends_on
    return period_on(anchor=anchor, interval=interval, day=today)[1].ends_on


def _carries(one: HeldAddon, on_renewal: AddonOnRenewal, term: int, plan: PlanFacts | None) -> bool:
    if one.leaves or (plan is not None and not one.offer.fits(plan)):
        return False
    if on_renewal is AddonOnRenewal.ASK:
        return one.confirmed_term == term
    return on_renewal is AddonOnRenewal.CARRY
