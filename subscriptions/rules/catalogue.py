"""What may change about a plan, and what changed: the same for the preview, the writing and the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval

NAME_LENGTH = 120
ALLOWANCE_LENGTH = 40
MOST_ALLOWANCES = 50
# What the columns hold.
LARGEST_RANK = 2**31 - 1
LARGEST_NUMBER = 2**53 - 1
# In minor units: times any quantity, it still fits.
LARGEST_PRICE = 10**12

# name of a field -> what it was and what it became; `prices` and `allowances` hold one pair for each key
Changes = dict[str, Any]


class InvalidPlan(DomainError):
    """A product's or plan's data that cannot be taken; `field` names which."""

    code = "invalid_plan"


class IntervalHeld(DomainError):
    """Somebody has bought the plan by its interval, so that stays."""

    code = "interval_held"


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What a plan says. `prices` maps a currency to minor units; `was_sold`: somebody holds it or has held it."""

    name: str
    interval: Interval
    rank: int
    allowances: Mapping[str, int]
    prices: Mapping[str, int]
    was_sold: bool = False


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What should change; None leaves a field as it is. `prices` and `allowances` replace all of them."""

    name: str | None = None
    interval: Interval | None = None
    rank: int | None = None
    allowances: Mapping[str, int] | None = None
    prices: Sequence[Money] | None = None


def checked_name(text: str) -> str:
    """The name without needless space. Raises InvalidPlan."""
    name = " ".join(text.split())
    if not 1 <= len(name) <= NAME_LENGTH or "\x00" in name:
        raise InvalidPlan("A name has 1 to 120 letters.", field="name")
    return name


def checked_rank(rank: int) -> int:
    """Raises InvalidPlan for a number that is too large."""
    if abs(rank) > LARGEST_RANK:
        raise InvalidPlan("This rank is too large.", field="rank")
    return rank


def checked_prices(prices: Sequence[Money]) -> dict[str, int]:
    """Minor units by currency. Raises InvalidPlan for no price, two of one currency, a negative one."""
    found = {price.currency: price.amount for price in prices}
    if not prices or len(found) != len(prices):
        raise InvalidPlan("A plan has one price per currency, and at least one.", field="prices")
    if not all(0 <= amount <= LARGEST_PRICE for amount in found.values()):
        raise InvalidPlan("A price is zero or more, and not this large.", field="prices")
    return found


def checked_allowances(allowances: Mapping[str, int]) -> dict[str, int]:
    """Raises InvalidPlan for a number below zero or too large, and for a name that is empty or too long."""
    if any(not 0 <= value <= LARGEST_NUMBER for value in allowances.values()):
        raise InvalidPlan("An allowance is a whole number of zero or more.", field="allowances")
    if any(not 1 <= len(name.strip()) <= ALLOWANCE_LENGTH for name in allowances):
        raise InvalidPlan("The name of an allowance has 1 to 40 letters.", field="allowances")
    if len(allowances) > MOST_ALLOWANCES:
        raise InvalidPlan("A plan has at most 50 allowances.", field="allowances")
    return dict(allowances)


def plan_changes(terms: PlanTerms, wanted: PlanChange) -> Changes:
    """What would differ afterwards; empty for nothing. Raises InvalidPlan, IntervalHeld."""
    found: Changes = {}
    if wanted.name is not None and (name := checked_name(wanted.name)) != terms.name:
        found["name"] = [terms.name, name]
    if wanted.interval is not None and wanted.interval != terms.interval:
        if terms.was_sold:
            raise IntervalHeld(
                "This plan has been sold, and who holds it bought that interval. Make another plan instead.",
                field="interval_unit",
            )
        found["interval"] = [_written(terms.interval), _written(wanted.interval)]
    if wanted.rank is not None and checked_rank(wanted.rank) != terms.rank:
        found["rank"] = [terms.rank, wanted.rank]
    if wanted.allowances is not None:
        _pairs(found, "allowances", terms.allowances, checked_allowances(wanted.allowances))
    if wanted.prices is not None:
        _pairs(found, "prices", terms.prices, checked_prices(wanted.prices))
    return found


def merged(earlier: Changes, later: Changes) -> Changes:
    """Two changes after each other, told as one."""
    found = dict(earlier)
    for field, change in later.items():
        if isinstance(change, dict):
            inner = dict(found.get(field, {}))
            for key, (old, new) in change.items():
                inner[key] = [inner[key][0] if key in inner else old, new]
            found[field] = {key: pair for key, pair in inner.items() if pair[0] != pair[1]}
        else:
            found[field] = [found[field][0] if field in found else change[0], change[1]]
    return {field: change for field, change in found.items() if change and _differs(change)}


def _differs(change: Any) -> bool:
    return bool(change) if isinstance(change, dict) else change[0] != change[1]


def _pairs(found: Changes, field: str, old: Mapping[str, int], new: Mapping[str, int]) -> None:
    pairs = {key: [old.get(key), new.get(key)] for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)}
    if pairs:
        found[field] = pairs


def _written(interval: Interval) -> str:
    """“3 month”: as the record keeps it."""
    return f"{interval.count} {interval.unit.value}"
