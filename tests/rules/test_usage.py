"""Allowances: what is included, what packs give, when somebody is told."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.policy.rules.addon import AddonMonth
from subscriptions.rules.addons import AddonKind, AddonOffer, HeldAddon, expires_on, times_in
from subscriptions.rules.usage import AllowanceUse, PackFacts, included_in, level_reached, taken_from_packs

MONTH, YEAR = Interval(Unit.MONTH), Interval(Unit.YEAR)


def held(kind: AddonKind, quantity: int = 1, **allowances: int) -> HeldAddon:
    interval = None if kind is AddonKind.PACK else MONTH
    offer = AddonOffer(
        uuid7(), UUID(int=1), "Extra", kind, interval, Money(500, "EUR"), tuple(sorted(allowances.items()))
    )
    return HeldAddon(uuid7(), offer, quantity, date(2028, 2, 10))


def test_a_month_goes_twelve_times_into_a_year_and_days_never_into_months() -> None:
    assert times_in(MONTH, YEAR) == 12
    assert times_in(Interval(Unit.WEEK), Interval(Unit.DAY, 14)) == 2
    assert times_in(Interval(Unit.DAY, 30), MONTH) is None
    assert times_in(YEAR, MONTH) is None


@pytest.mark.parametrize(
    ("month", "today", "until"),
    [
        (AddonMonth.CALENDAR, date(2028, 2, 10), date(2028, 3, 1)),
        (AddonMonth.CALENDAR, date(2028, 2, 29), date(2028, 3, 1)),
        (AddonMonth.BILLING, date(2029, 2, 10), date(2029, 2, 28)),
        (AddonMonth.BILLING, date(2028, 2, 29), date(2028, 3, 29)),
    ],
)
def test_a_monthly_one_on_a_yearly_plan_ends_with_its_month(month: AddonMonth, today: date, until: date) -> None:
    assert expires_on(MONTH, month, anchor=date(2028, 2, 29), today=today) == until


def test_the_plan_counts_by_its_quantity_and_packs_are_apart() -> None:
    addons = [held(AddonKind.RECURRING, 3, calls=10), held(AddonKind.PACK, calls=500)]
    assert included_in({"calls": 100, "lines": 1}, quantity=2, addons=addons) == {"calls": 230, "lines": 2}


@given(st.integers(0, 50), st.lists(st.integers(1, 40), max_size=10), st.lists(st.integers(1, 60), max_size=4))
def test_packs_give_only_what_goes_beyond_the_plan_and_never_more_than_they_have(
    included: int, uses: list[int], sizes: list[int]
) -> None:
    packs = [PackFacts(held(AddonKind.PACK, calls=size), 0) for size in sizes]
    used = from_packs = 0
    for more in uses:
        taken = taken_from_packs(packs, included=included, before=used, from_packs=from_packs, more=more)
        parts = {pack.held.id: part for pack, part in taken}
        packs = [PackFacts(pack.held, pack.used + parts.get(pack.held.id, 0)) for pack in packs]
        used, from_packs = used + more, from_packs + sum(parts.values())
    assert from_packs == min(max(used - included, 0), sum(sizes))
    assert sum(pack.left for pack in packs) == sum(sizes) - from_packs


def test_each_level_is_told_once() -> None:
    def at(used: int) -> AllowanceUse:
        return AllowanceUse("calls", 100, used)

    assert [level_reached(at(79), 0), level_reached(at(80), 0), level_reached(at(99), 80)] == [None, 80, None]
    assert [level_reached(at(100), 80), level_reached(at(140), 0), level_reached(at(140), 100)] == [100, 100, None]
