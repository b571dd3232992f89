"""Which keys of the policy act already and which do not yet: the one list that Settings, docs and tests read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Acting:
    """`by` names what a key moves; empty where nothing reads it yet. Some values of an acting key may still wait."""

    by: str = ""
    not_yet: frozenset[str] = frozenset()

    @property
    def acts(self) -> bool:
        return bool(self.by)


NOT_YET = Acting()

ACTING: Mapping[str, Acting] = {
    "renewal.reminders_days": Acting("reminders before a renewal"),
    "renewal.reminders_days_yearly": Acting("reminders before a renewal"),
    "retry.offsets_days": Acting("automatic charges after a failure"),
    "retry.counted_from": Acting("automatic charges after a failure"),
    "grace.starts": Acting("collection of an unpaid renewal"),
    "grace.days": Acting("collection of an unpaid renewal"),
    "grace.counted_from": Acting("collection of an unpaid renewal"),
    "grace.then": Acting("the deadline of an unpaid renewal", not_yet=frozenset({"downgrade_to_free", "cancel"})),
    "grace.access": NOT_YET,
    "grace.renew_inside": Acting("payments in grace"),
    "grace.renew_after.percent": NOT_YET,
    "grace.renew_after.basis": NOT_YET,
    "grace.renew_after.cap": NOT_YET,
    "grace.renew_after.waivable": NOT_YET,
    "change.upgrade.when": NOT_YET,
    "change.upgrade.anchor": NOT_YET,
    "change.downgrade": NOT_YET,
    "change.lateral": NOT_YET,
    "change.unpaid": NOT_YET,
    "change.rollback.money": NOT_YET,
    "change.direction_by": NOT_YET,
    "change.measure": NOT_YET,
    "refund.window_hours": NOT_YET,
    "refund.access": NOT_YET,
    "addon.month": NOT_YET,
    "addon.on_renewal": NOT_YET,
    "catchup": Acting("renewals missed in an outage"),
    "retention.days_after_end": NOT_YET,
    "winback.days_before_end": NOT_YET,
    "welcome.days": NOT_YET,
    "loyalty.enabled": NOT_YET,
    "loyalty.every_months": NOT_YET,
    "loyalty.bonus_months": NOT_YET,
    "sla.hours.critical": NOT_YET,
    "sla.hours.important": NOT_YET,
    "sla.hours.general": NOT_YET,
    "sla.hours.feature": NOT_YET,
}


def acts(key: str, value: str | None = None) -> bool:
    """Whether the key, and where given this value of it, changes what happens. Raises KeyError for an unknown key."""
    entry = ACTING[key]
    return entry.acts and value not in entry.not_yet
