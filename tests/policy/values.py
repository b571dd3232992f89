"""Values that a policy's keys take, for properties that hold for every policy."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from partnerpanel.policy.rules.kinds import Amount, Kind, OneOf, Order, Whole, Wholes, YesNo
from partnerpanel.policy.rules.policy import KEYS

# Machines that do other things at the same time are slow at times.
UNHURRIED = settings(deadline=None, max_examples=60)
AMOUNTS = st.fixed_dictionaries({"amount": st.integers(1, 10**9), "currency": st.sampled_from(["EUR", "JPY", "KWD"])})


def allowed(kind: Kind) -> st.SearchStrategy[Any]:
    """Any JSON value of this kind."""
    match kind:
        case Whole(least, most, or_never):
            return st.integers(least, most) | st.none() if or_never else st.integers(least, most)
        case Wholes():
            return _lists(kind)
        case OneOf(choices):
            return st.sampled_from([choice.value for choice in choices])
        case YesNo():
            return st.booleans()
        case Amount():
            return AMOUNTS | st.none()
    raise AssertionError(kind)


def _lists(kind: Wholes) -> st.SearchStrategy[list[int]]:
    unique = kind.order is not Order.ANY
    numbers = st.lists(st.integers(kind.least, kind.most), min_size=kind.fewest, max_size=kind.entries, unique=unique)
    if kind.order is Order.ANY:
        return numbers
    return numbers.map(lambda found: sorted(found, reverse=kind.order is Order.FALLING))


COMPLETE = st.fixed_dictionaries({name: allowed(key.kind) for name, key in KEYS.items()})
PARTIAL = st.fixed_dictionaries({}, optional={name: allowed(key.kind) for name, key in KEYS.items()})
# One value beside each key's default: what it means to edit it.
OTHER: dict[str, Any] = {
    "renewal.reminders_days": [10, 2],
    "renewal.reminders_days_yearly": [60],
    "retry.offsets_days": [2, 4],
    "retry.counted_from": "previous",
    "grace.starts": "first_failure",
    "grace.days": 12,
    "grace.counted_from": "last_retry",
    "grace.then": "cancel",
    "grace.access": "limited",
    "grace.renew_inside": "keep_schedule",
    "grace.renew_after.percent": 50,
    "grace.renew_after.basis": "flat",
    "grace.renew_after.cap": {"amount": 500, "currency": "EUR"},
    "grace.renew_after.waivable": False,
    "change.upgrade.when": "period_end",
    "change.upgrade.anchor": "keep",
    "change.downgrade": "immediate",
    "change.lateral": "period_end",
    "change.unpaid": "apply_and_collect",
    "change.rollback.money": "none",
    "change.direction_by": "price",
    "change.measure": "usage",
    "refund.window_hours": 24,
    "refund.access": "end_now",
    "addon.month": "billing",
    "addon.on_renewal": "ask",
    "catchup": "latest",
    "retention.days_after_end": None,
    "winback.days_before_end": 14,
    "welcome.days": [0, 2, 4, 8],
    "loyalty.enabled": True,
    "loyalty.every_months": 6,
    "loyalty.bonus_months": 2,
    "sla.hours.critical": 2,
    "sla.hours.important": 8,
    "sla.hours.general": 36,
    "sla.hours.feature": 72,
}
