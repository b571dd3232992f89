"""What a coupon takes off the price of a plan: before tax, as a derivation of the line. Pure."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from billing.rules.plan import LineDraft
from billing.rules.proration import price_of_days
from partnerpanel.kernel.derivation import Derivation, Derived
from partnerpanel.kernel.money import Money
from subscriptions.rules.coupons import HeldCoupon

COUPON = "coupon"


def after_coupon(
    coupon: HeldCoupon | None, price: Money, *, plan_id: UUID, term: int | None, parts: tuple[Derivation, ...] = ()
) -> Derived[Money] | None:
    """The price of a whole period in the term of that number, with the coupon taken off; None where it takes nothing.

    `term` None as in `HeldCoupon.holds_in`. Never less than zero, rounded half up once. A fixed amount of another
    currency takes nothing off.
    """
    if coupon is None or not coupon.fits(plan_id) or not coupon.holds_in(term):
        return None
    discount = coupon.discount
    if discount.amount is not None and discount.amount.currency != price.currency:
        return None
    off = discount.off(price)
    if not off:
        return None
    inputs = {"code": coupon.code, "price": str(price), "off": str(off)}
    if discount.percent is not None:
        inputs["percent"] = str(discount.percent)
    if discount.periods is not None and term is not None:
        inputs |= {"place": str(coupon.place_of(term)), "periods": str(discount.periods)}
    return Derived(price - off, Derivation(COUPON, inputs, parts=parts))


def price_of_part(
    coupon: HeldCoupon | None, price: Money, *, plan_id: UUID, term: int, days: int, period_days: int
) -> Derived[Money]:
    """So many days of a period in the term of that number, at the price that the coupon leaves of the whole."""
    whole = after_coupon(coupon, price, plan_id=plan_id, term=term)
    part = price_of_days(price=whole.value if whole else price, days=days, period_days=period_days)
    return Derived(part.value, replace(part.why, parts=(whole.why,))) if whole else part


def discounted(line: LineDraft, coupon: HeldCoupon | None, *, plan_id: UUID, term: int | None) -> LineDraft:
    """A plan's line for a whole period, with the coupon taken off."""
    found = after_coupon(coupon, line.amount, plan_id=plan_id, term=term, parts=(line.why,))
    return replace(line, amount=found.value, why=found.why) if found else line
