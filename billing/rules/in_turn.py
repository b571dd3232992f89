"""Plans of one batch, made one after another where they draw on the same customer's balance: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from billing.rules.after import balance_after
from billing.rules.facts import BillingFacts
from billing.rules.plan import BillingPlan
from partnerpanel.kernel.money import Money

T = TypeVar("T")


def plans_in_turn(
    asked: Sequence[T], *, facts: Callable[[T], BillingFacts], plan: Callable[[T, BillingFacts], BillingPlan]
) -> list[BillingPlan]:
    """One plan for each, in their order: what one takes from a balance the next of that customer cannot take too."""
    found = [facts(one) for one in asked]
    several = Counter(map(_purse, found))
    left: dict[tuple[UUID, str], Money | None] = {}
    plans = []
    for one, its in zip(asked, found, strict=True):
        purse = _purse(its)
        current = replace(its, balance=left[purse]) if purse in left else its
        plans.append(plan(one, current))
        if several[purse] > 1:
            left[purse] = balance_after(plans[-1], current.balance)
    return plans


def _purse(facts: BillingFacts) -> tuple[UUID, str]:
    return facts.customer_id, facts.price.currency
