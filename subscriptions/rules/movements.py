"""Movements of monthly recurring revenue: what a change of one subscription is called.

A subscription counts while it is active, as `queries.overview.monthly_recurring` says: a trial from its first paid
period, a paused one not until it is resumed, an imported one from its import and not only from the cut-over, since the
partner earns it all the while.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from partnerpanel.kernel.money import Money
from subscriptions.rules.states import Lifecycle

KEY, LEFT_KEY = "mrr", "mrr_left"


class MovementKind(StrEnum):
    """`new` and `reactivation` begin at nothing, `churn` ends there; a reactivated customer had left altogether."""

    NEW = "new"
    EXPANSION = "expansion"
    CONTRACTION = "contraction"
    CHURN = "churn"
    REACTIVATION = "reactivation"


def counted(lifecycle: Lifecycle, monthly: Money) -> Money:
    """What a subscription of this monthly value contributes in that state."""
    return monthly if lifecycle is Lifecycle.ACTIVE else Money.zero(monthly.currency)


def said(before: Money, after: Money) -> dict[str, Any]:
    """The part of an event's data that says how recurring revenue moved; nothing where it did not.

    In another currency than before, what leaves the old one is said beside it.
    """
    if before == after or not (before or after):
        return {}
    if before.currency == after.currency:
        return {KEY: [before.amount, after.amount, after.currency]}
    return {KEY: [0, after.amount, after.currency], LEFT_KEY: [before.amount, 0, before.currency]}


def moves(data: Mapping[str, Any]) -> list[tuple[Money, Money]]:
    """What `said` wrote, as pairs of before and after, without those that moved nothing."""
    found = [data[key] for key in (LEFT_KEY, KEY) if key in data]
    pairs = [(Money(before, currency), Money(after, currency)) for before, after, currency in found]
    return [(before, after) for before, after in pairs if before != after]


def kind_of(before: Money, after: Money, *, has_left: bool) -> MovementKind:
    """`has_left`: the customer paid for something once, and for nothing just before."""
    if not before:
        return MovementKind.REACTIVATION if has_left else MovementKind.NEW
    if not after:
        return MovementKind.CHURN
    return MovementKind.EXPANSION if after.amount > before.amount else MovementKind.CONTRACTION
