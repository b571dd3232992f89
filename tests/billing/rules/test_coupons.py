"""What a coupon takes off a price: when, how much, and how it is said."""

from __future__ import annotations

from uuid import UUID

import pytest

from billing.rules.coupons import after_coupon
from billing.wording import sentence
from partnerpanel.kernel.money import CurrencyMismatch, Money
from subscriptions.rules.coupons import CouponOffer, Discount, HeldCoupon, code_key

PLAN, OTHER, ID = UUID(int=1), UUID(int=2), UUID(int=9)
EUR = Money(10_000, "EUR")


def held(discount: Discount, *, from_term: int = 2, plans: frozenset[UUID] | None = None) -> HeldCoupon:
    return HeldCoupon(ID, ID, "SPRING", discount, from_term, plans)


def price(coupon: HeldCoupon, *, term: int | None = 2, of: Money = EUR, plan: UUID = PLAN) -> int | None:
    found = after_coupon(coupon, of, plan_id=plan, term=term)
    return found.value.amount if found else None


def test_a_part_is_rounded_half_up_once_and_an_amount_never_goes_below_nothing() -> None:
    assert price(held(Discount(percent=15)), of=Money(990, "EUR")) == 990 - 149  # 148.5
    assert price(held(Discount(percent=50)), of=Money(5, "JPY")) == 2
    assert price(held(Discount(percent=100))) == 0
    assert price(held(Discount(amount=Money(2_500, "EUR")))) == 7_500
    assert price(held(Discount(amount=Money(25_000, "EUR")))) == 0


@pytest.mark.parametrize(
    ("periods", "terms"),
    [(1, [False, True, False, False]), (2, [False, True, True, False]), (None, [False, True, True, True])],
)
def test_it_takes_off_from_its_first_term_until_its_last(periods: int | None, terms: list[bool]) -> None:
    coupon = held(Discount(percent=10, periods=periods))
    assert [price(coupon, term=number) is not None for number in (1, 2, 3, 4)] == terms


def test_days_that_belong_to_no_term_are_cheaper_only_for_ever() -> None:
    assert price(held(Discount(percent=10, periods=3)), term=None) is None
    assert price(held(Discount(percent=10, periods=None)), term=None) == 9_000


def test_it_is_over_in_its_last_term_and_counts_what_it_used() -> None:
    coupon = held(Discount(percent=10, periods=2))
    assert [coupon.is_over(number) for number in (1, 2, 3, 4)] == [False, False, True, True]
    assert [coupon.used(number) for number in (1, 2, 3, 4)] == [0, 1, 2, 2]
    assert not held(Discount(percent=10, periods=None)).is_over(1_000)


def test_another_plan_or_currency_costs_what_it_costs() -> None:
    assert price(held(Discount(percent=10), plans=frozenset({PLAN})), plan=OTHER) is None
    assert price(held(Discount(percent=10), plans=frozenset())) is None
    assert price(held(Discount(amount=Money(100, "USD")))) is None
    with pytest.raises(CurrencyMismatch):
        Discount(amount=Money(100, "USD")).off(EUR)


def test_the_last_redemption_is_one_of_all_or_of_a_customer() -> None:
    offer = CouponOffer(ID, "SPRING", Discount(percent=10), most=3, most_each=1, redeemed=2, redeemed_by={PLAN: 1})
    assert offer.is_used_up(PLAN)
    assert not offer.is_used_up(OTHER)
    assert code_key(" Spring 10 ") == "spring10"


def test_it_says_what_it_took_off() -> None:
    found = after_coupon(held(Discount(percent=25, periods=3)), EUR, plan_id=PLAN, term=3)
    assert found
    said = sentence(found.value, found.why)
    assert said == "75.00 = 100.00 − 25.00, 25 % off with the coupon SPRING, period 2 of 3"
    found = after_coupon(held(Discount(amount=Money(500, "EUR"))), EUR, plan_id=PLAN, term=2)
    assert found
    assert sentence(found.value, found.why) == "95.00 = 100.00 − 5.00 off with the coupon SPRING"
