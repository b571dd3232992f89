"""What an import will do to one row's customer and subscription."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from billing.rules.opening import BroughtAlong
from customers.rules.profile import Profile
from partnerpanel.imports.rules.problems import Problem
from partnerpanel.imports.rules.records import Record
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval

PlanKey: TypeAlias = tuple[str, str]


class Step(StrEnum):
    """`left_alone`: the subscription has been cut over, so from now on it belongs to the panel and not to the file."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    LEFT_ALONE = "left_alone"


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A plan that has to be made, in a product that has to be made where there is none of its name."""

    product: str
    name: str
    interval: Interval
    price: Money

    @property
    def key(self) -> PlanKey:
        return self.product, self.name


@dataclass(frozen=True, slots=True)
class CustomerStep:
    """`customer_id` is None for a new one; `tags` are those it has not yet."""

    step: Step
    customer_id: UUID | None
    profile: Profile
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class SubscriptionStep:
    """`price` is that of one unit for one interval; `is_agreed` says that it is its own and not the plan's."""

    step: Step
    subscription_id: UUID | None
    price: Money | None = None
    is_agreed: bool = True


@dataclass(frozen=True, slots=True)
class OpeningStep:
    """What becomes of what the customer brings along."""

    step: Step
    brought: BroughtAlong


@dataclass(frozen=True, slots=True)
class RowPlan:
    """Everything that one good row brings about."""

    record: Record
    customer: CustomerStep
    subscription: SubscriptionStep | None
    opening: OpeningStep | None = None


@dataclass(frozen=True, slots=True)
class ChunkPlan:
    """What one chunk of a file brings about; `rejected` are the problems of each row that is not taken."""

    rows: list[RowPlan] = field(default_factory=list)
    new_plans: dict[PlanKey, NewPlan] = field(default_factory=dict)
    rejected: dict[int, list[Problem]] = field(default_factory=dict)


KnownPlans: TypeAlias = Mapping[PlanKey, NewPlan]
