"""Changes of plan. A rollback is always immediate, and a change of interval always starts a new period."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class When(StrEnum):
    """When a change takes effect."""

    IMMEDIATE = "immediate"
    PERIOD_END = "period_end"


class Anchor(StrEnum):
    """Whether an immediate change starts a new period or keeps the running one."""

    RESET = "reset"
    KEEP = "keep"


class Lateral(StrEnum):
    """When a change to the same rank and the same price per day takes effect."""

    ASK = "ask"
    IMMEDIATE = "immediate"
    PERIOD_END = "period_end"


class Unpaid(StrEnum):
    """Whether a change with something to pay waits for the payment or takes effect and is collected."""

    WAIT = "wait"
    APPLY_AND_COLLECT = "apply_and_collect"


class RollbackMoney(StrEnum):
    """What a rollback gives back: all that the change booked, the unused part, or nothing."""

    REVERSE_CHANGE = "reverse_change"
    CREDIT_UNUSED = "credit_unused"
    NONE = "none"


class DirectionBy(StrEnum):
    """What counts as up or down, unless the caller states it. Prices are compared per day; a year is 365."""

    RANK_THEN_PRICE = "rank_then_price"
    PRICE = "price"


class Measure(StrEnum):
    """How much of a period counts as used: by days, by usage of allowances, or the greater of both."""

    TIME = "time"
    USAGE = "usage"
    GREATER = "greater"


@dataclass(frozen=True, slots=True)
class UpgradePolicy:
    """To a plan that counts as higher."""

    when: When = When.IMMEDIATE
    anchor: Anchor = Anchor.RESET


@dataclass(frozen=True, slots=True)
class RollbackPolicy:
    """The partner's correction of an error."""

    money: RollbackMoney = RollbackMoney.REVERSE_CHANGE


@dataclass(frozen=True, slots=True)
class ChangePolicy:
    """`downgrade` is for the customer's own; a partner chooses per action."""

    upgrade: UpgradePolicy = field(default_factory=UpgradePolicy)
    downgrade: When = When.PERIOD_END
    lateral: Lateral = Lateral.ASK
    unpaid: Unpaid = Unpaid.WAIT
    rollback: RollbackPolicy = field(default_factory=RollbackPolicy)
    direction_by: DirectionBy = DirectionBy.RANK_THEN_PRICE
    measure: Measure = Measure.TIME
