"""What is offered when, to whom: the first rule that fits, in the partner's order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit, shifted

NAME_LENGTH = 120
PAUSES = (1, 2, 3)
MOST_MONTHS = 600
LAST_PLACE = 999
MONTH = Interval(Unit.MONTH)


class Moment(StrEnum):
    """When an offer is made: while somebody leaves, before the end of what was cancelled, to who comes back after it,
    or to who goes up to a better plan."""

    LEAVING = "leaving"
    BEFORE_END = "before_end"
    AFTER_END = "after_end"
    UPGRADE = "upgrade"


class OfferKind(StrEnum):
    """A coupon, some months of pause, or another plan from the next period on."""

    COUPON = "coupon"
    PAUSE = "pause"
    PLAN = "plan"


class Outcome(StrEnum):
    """What became of an offer: `declined` is that somebody left in spite of it."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Holder:
    """A subscription as rules look at it. `taken` are the rules whose offer it has taken, `last_taken_on` the day on
    which its customer took one last; `reason` is empty where nobody was asked. `to_plan` is the plan that it
    goes up to."""

    plan_id: UUID
    product_id: UUID
    price: Money
    paid_months: int
    reason: str = ""
    last_taken_on: date | None = None
    taken: frozenset[UUID] = frozenset()
    to_plan: UUID | None = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """Whom a rule is for; what is left out is no condition. Bounds are with both ends.

    `rest_months`: nobody who took an offer within so many months. `to_plans`: who goes up to one of them. `until_on`:
    before that day.
    """

    reasons: tuple[str, ...] = ()
    plans: tuple[UUID, ...] = ()
    products: tuple[UUID, ...] = ()
    months_from: int | None = None
    months_to: int | None = None
    price_from: Money | None = None
    price_to: Money | None = None
    rest_months: int | None = None
    to_plans: tuple[UUID, ...] = ()
    until_on: date | None = None

    def unmet(self, holder: Holder, *, today: date) -> Iterator[str]:
        """The names of the conditions that it does not meet."""
        if self.reasons and holder.reason not in self.reasons:
            yield "reasons"
        if (self.plans or self.products) and not self._sells(holder):
            yield "plans"
        if self.months_from is not None and holder.paid_months < self.months_from:
            yield "months_from"
        if self.months_to is not None and holder.paid_months > self.months_to:
            yield "months_to"
        if not self._price_fits(holder.price):
            yield "price"
        if self.rest_months and holder.last_taken_on and today < shifted(holder.last_taken_on, MONTH, self.rest_months):
            yield "rest_months"
        if self.to_plans and holder.to_plan not in self.to_plans:
            yield "to_plans"
        if self.until_on and today >= self.until_on:
            yield "until_on"

    def _sells(self, holder: Holder) -> bool:
        return holder.plan_id in self.plans or holder.product_id in self.products

    def _price_fits(self, price: Money) -> bool:
        for bound, is_least in ((self.price_from, True), (self.price_to, False)):
            if bound is None:
                continue
            if bound.currency != price.currency or (price < bound if is_least else price > bound):
                return False
        return True

    def as_json(self) -> dict[str, Any]:
        """Without what is left out."""
        found = {one.name: _plain(getattr(self, one.name)) for one in fields(self)}
        return {name: value for name, value in found.items() if value not in (None, [])}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(
            reasons=tuple(kept.get("reasons", ())),
            plans=tuple(map(UUID, kept.get("plans", ()))),
            products=tuple(map(UUID, kept.get("products", ()))),
            months_from=kept.get("months_from"),
            months_to=kept.get("months_to"),
            price_from=_money(kept.get("price_from")),
            price_to=_money(kept.get("price_to")),
            rest_months=kept.get("rest_months"),
            to_plans=tuple(map(UUID, kept.get("to_plans", ()))),
            until_on=date.fromisoformat(kept["until_on"]) if kept.get("until_on") else None,
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered: exactly what its kind needs is set."""

    kind: OfferKind
    coupon_id: UUID | None = None
    pause_months: int | None = None
    plan_id: UUID | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it has what its kind needs, and nothing else."""
        wanted = {OfferKind.COUPON: "coupon_id", OfferKind.PAUSE: "pause_months", OfferKind.PLAN: "plan_id"}
        held = {name for name in wanted.values() if getattr(self, name) is not None}
        return held == {wanted[self.kind]} and (self.pause_months is None or self.pause_months in PAUSES)


@dataclass(frozen=True, slots=True)
class Rule:
    """A partner's rule as it stands."""

    id: UUID
    version: int
    moment: Moment
    name: str
    position: int
    offer: Offer
    conditions: Conditions = field(default_factory=Conditions)
    is_on: bool = True

    def fits(self, holder: Holder, *, today: date) -> bool:
        """Whether its offer is made to that one: an offer is taken once by a subscription, however often it leaves."""
        if not self.is_on or self.id in holder.taken or self.offer.plan_id == holder.plan_id:
            return False
        return not any(self.conditions.unmet(holder, today=today))


def fitting(rules: Iterable[Rule], holder: Holder, *, moment: Moment, today: date) -> list[Rule]:
    """The rules that fit, the first to be shown first."""
    found = [rule for rule in rules if rule.moment is moment and rule.fits(holder, today=today)]
    return sorted(found, key=lambda rule: (rule.position, rule.id))


def pause_until(ends_on: date, months: int) -> date:
    """The day on which a pause that begins with the period's end is over."""
    until = shifted(ends_on, MONTH, months)
    return until if until > ends_on else ends_on + timedelta(days=1)


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return {"amount": value.amount, "currency": value.currency}
    if isinstance(value, date):
        return value.isoformat()
    return [str(one) for one in value] if isinstance(value, tuple) else value


def _money(kept: Mapping[str, Any] | None) -> Money | None:
    return Money(kept["amount"], kept["currency"]) if kept else None
