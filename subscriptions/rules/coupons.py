"""Coupons: what one takes off, for how many periods, and who may redeem it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID

from partnerpanel.kernel.money import Money

CODE_LENGTH = 40
NAME_LENGTH = 120
LARGEST_LIMIT = 1_000_000_000
WHOLE = 100


class CouponKind(StrEnum):
    """A part of the price, or an amount in one currency."""

    PERCENT = "percent"
    AMOUNT = "amount"


class CouponLasts(StrEnum):
    """For one period, for a number of them, or for as long as the subscription."""

    ONCE = "once"
    PERIODS = "periods"
    FOREVER = "forever"


@dataclass(frozen=True, slots=True)
class Discount:
    """What a coupon takes off the plan's price of a period; `periods` None is for ever.

    Exactly one of `percent` (1 to 100) and `amount` is set.
    """

    percent: int | None = None
    amount: Money | None = None
    periods: int | None = 1

    @property
    def kind(self) -> CouponKind:
        return CouponKind.AMOUNT if self.amount is not None else CouponKind.PERCENT

    @property
    def lasts(self) -> CouponLasts:
        if self.periods is None:
            return CouponLasts.FOREVER
        return CouponLasts.ONCE if self.periods == 1 else CouponLasts.PERIODS

    def off(self, price: Money) -> Money:
        """What is taken off that price: never more than all of it. Raises CurrencyMismatch."""
        if self.amount is not None:
            return min(self.amount, price)
        return price.times(Fraction(self.percent or 0, WHOLE))


@dataclass(frozen=True, slots=True)
class HeldCoupon:
    """A coupon on a subscription, from the term of that number on. `plan_ids` None: it fits every plan.

    Periods are counted by the number of their term, so a renewal that is retried, voided or billed anew counts once.
    """

    id: UUID
    coupon_id: UUID
    code: str
    discount: Discount
    from_term: int
    plan_ids: frozenset[UUID] | None = None

    def fits(self, plan_id: UUID) -> bool:
        return self.plan_ids is None or plan_id in self.plan_ids

    def holds_in(self, term: int | None) -> bool:
        """Whether it takes something off in the term of that number; None is time that belongs to no term yet, where
        only one for ever does."""
        if self.discount.periods is None:
            return term is None or term >= self.from_term
        return term is not None and self.from_term <= term < self.from_term + self.discount.periods

    def for_ever_off(self, price: Money, plan_id: UUID) -> Money:
        """The price of a period of that plan without what it takes off for ever: one that ends leaves it as it is."""
        off = self.discount
        if off.periods is not None or not self.fits(plan_id):
            return price
        if off.amount is not None and off.amount.currency != price.currency:
            return price
        return price - off.off(price)

    def place_of(self, term: int) -> int:
        """Which of its periods that term is, from 1."""
        return term - self.from_term + 1

    def used(self, term: int) -> int:
        """How many of its periods were begun once the term of that number runs."""
        used = max(self.place_of(term), 0)
        return used if self.discount.periods is None else min(used, self.discount.periods)

    def is_over(self, term: int) -> bool:
        """Whether nothing is taken off any term after that one."""
        periods = self.discount.periods
        return periods is not None and term + 1 >= self.from_term + periods


@dataclass(frozen=True, slots=True)
class CouponOffer:
    """A coupon as somebody may redeem it: `from_on` until before `until_on`, so often in all and by one customer.

    `redeemed` is how often it was, `redeemed_by` how often by each customer.
    """

    id: UUID
    code: str
    discount: Discount
    plan_ids: frozenset[UUID] | None = None
    from_on: date | None = None
    until_on: date | None = None
    most: int | None = None
    most_each: int | None = None
    redeemed: int = 0
    redeemed_by: Mapping[UUID, int] = field(default_factory=dict)
    is_archived: bool = False

    def is_used_up(self, customer_id: UUID) -> bool:
        """Whether no redemption is left, in all or for that customer."""
        if self.most is not None and self.redeemed >= self.most:
            return True
        return self.most_each is not None and self.redeemed_by.get(customer_id, 0) >= self.most_each

    def held(self, id_: UUID, *, from_term: int) -> HeldCoupon:
        """As it stands on a subscription."""
        return HeldCoupon(id_, self.id, self.code, self.discount, from_term, self.plan_ids)


@dataclass(frozen=True, slots=True)
class CouponLimits:
    """What of a coupon may be changed at any time: it touches nobody who has redeemed it. None is no limit."""

    name: str = ""
    from_on: date | None = None
    until_on: date | None = None
    most: int | None = None
    most_each: int | None = None

    def changes_to(self, other: CouponLimits) -> dict[str, Any]:
        """What differs, as `[before, after]` by field; days as ISO dates."""
        pairs = {field.name: (getattr(self, field.name), getattr(other, field.name)) for field in fields(self)}
        return {name: [_plain(one) for one in pair] for name, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True, slots=True)
class CouponEnd:
    """A redemption that ends. One `withdrawn` before any period used it counts for no limit."""

    id: UUID
    withdrawn: bool = False


def code_key(code: str) -> str:
    """How codes are compared: `Spring 10` is `spring10`."""
    return "".join(code.split()).lower()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
