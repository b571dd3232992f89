"""What is there already, as the planning of a chunk sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from uuid import UUID

from billing.rules.opening import BroughtAlong
from customers.rules.profile import Profile
from partnerpanel.imports.rules.steps import PlanKey
from partnerpanel.kernel.period import Interval
from subscriptions.rules.moving_in import SubscriptionTerms


class HeldCustomer(Protocol):
    """A customer that exists."""

    @property
    def id(self) -> UUID: ...
    @property
    def email_key(self) -> str: ...
    @property
    def profile(self) -> Profile: ...
    @property
    def tags(self) -> frozenset[str]: ...
    @property
    def is_banned(self) -> bool: ...


class HeldPlan(Protocol):
    """A plan that exists, with its prices in minor units by currency."""

    @property
    def id(self) -> UUID: ...
    @property
    def interval(self) -> Interval: ...
    @property
    def prices(self) -> Mapping[str, int]: ...


class HeldSubscription(Protocol):
    """A subscription that exists."""

    @property
    def id(self) -> UUID: ...
    @property
    def customer_id(self) -> UUID: ...
    @property
    def terms(self) -> SubscriptionTerms: ...
    @property
    def started_on(self) -> date: ...
    @property
    def awaits_cut_over(self) -> bool: ...


class HeldOpening(Protocol):
    """What a customer is said to bring along so far."""

    @property
    def subscription_id(self) -> UUID | None: ...
    @property
    def brought(self) -> BroughtAlong: ...
    @property
    def is_open(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Held:
    """Everything a chunk could meet, looked up by what a row states; `banned` are customers to whom nothing is sold."""

    by_number: Mapping[str, HeldCustomer]
    by_address: Mapping[str, HeldCustomer]
    subscriptions: Mapping[str, HeldSubscription]
    plans: Mapping[PlanKey, HeldPlan]
    intervals: Mapping[UUID, Interval]
    banned: frozenset[UUID] = frozenset()
    banned_tax_ids: frozenset[str] = frozenset()
    openings: Mapping[UUID, HeldOpening] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        customers: Iterable[HeldCustomer],
        subscriptions: Mapping[str, HeldSubscription],
        plans: Mapping[PlanKey, HeldPlan],
        banned_tax_ids: frozenset[str] = frozenset(),
        openings: Mapping[UUID, HeldOpening] | None = None,
    ) -> Held:
        found = list(customers)
        return cls(
            by_number={one.profile.external_id: one for one in found if one.profile.external_id},
            by_address={one.email_key: one for one in found},
            subscriptions=subscriptions,
            plans=plans,
            intervals={plan.id: plan.interval for plan in plans.values()},
            banned=frozenset(one.id for one in found if one.is_banned),
            banned_tax_ids=banned_tax_ids,
            openings=openings or {},
        )
