"""Which keys of the policy act already and which do not yet: the one list that Settings, docs and tests read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Acting:
    """`by` names what a key moves; empty where nothing reads it yet."""

    by: str = ""

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
    "grace.then": Acting("the deadline of an unpaid renewal"),
    "grace.access": Acting("access while a renewal is unpaid"),
    "grace.renew_inside": Acting("payments in grace"),
    "grace.renew_after.percent": Acting("the fee for renewing after the deadline"),
    "grace.renew_after.basis": Acting("the fee for renewing after the deadline"),
    "grace.renew_after.cap": Acting("the fee for renewing after the deadline"),
    "grace.renew_after.waivable": Acting("the fee for renewing after the deadline"),
    "change.upgrade.when": Acting("changes of plan"),
    "change.upgrade.anchor": Acting("changes of plan"),
    "change.downgrade": Acting("changes of plan"),
    "change.lateral": Acting("changes of plan"),
    "change.unpaid": Acting("changes of plan with something to pay"),
    "change.rollback.money": Acting("rollbacks"),
    "change.direction_by": Acting("what counts as up or down"),
    "change.measure": Acting("what a change of plan gives back"),
    "refund.window_hours": Acting("until when money may be given back"),
    "refund.access": Acting("what a refund does to access"),
    "addon.month": Acting("until when a monthly add-on lasts"),
    "addon.on_renewal": Acting("recurring add-ons at renewal"),
    "catchup": Acting("renewals missed in an outage"),
    "retention.days_after_end": Acting("when personal data is erased"),
    "winback.days_before_end": Acting("the offer to stay after a cancellation"),
    "welcome.days": Acting("mails after the start"),
    "loyalty.enabled": Acting("free months for those who stay"),
    "loyalty.every_months": Acting("free months for those who stay"),
    "loyalty.bonus_months": Acting("free months for those who stay"),
    "sla.hours.critical": NOT_YET,
    "sla.hours.important": NOT_YET,
    "sla.hours.general": NOT_YET,
    "sla.hours.feature": NOT_YET,
}


def acts(key: str) -> bool:
    """Whether the key changes what happens. Raises KeyError for an unknown key."""
    return ACTING[key].acts
