"""What access verbs load: a customer, its subscriptions, and every hold that lies on them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from subscriptions.rules.service_states import ServiceState
from subscriptions.rules.states import Access, Collection, HoldKind, Lifecycle, access_of, counts_as_suspended


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """A hold that has not been released; `subscription_id` is None for one on the whole customer."""

    id: UUID
    kind: HoldKind
    reason: str
    subscription_id: UUID | None
    placed_action_id: UUID


@dataclass(frozen=True, slots=True)
class SubscriptionFacts:
    """A subscription without the holds of its customer. `is_paused`: a pause runs."""

    id: UUID
    version: int
    plan_name: str
    lifecycle: Lifecycle
    collection: Collection
    cancel_at_period_end: bool
    is_paused: bool
    access: Access
    is_suspended: bool
    holds: tuple[HoldFacts, ...] = ()
    service_username: str | None = None
    service_desired: ServiceState | None = None


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """A customer with all of its subscriptions, oldest first."""

    id: UUID
    version: int
    name: str
    holds: tuple[HoldFacts, ...] = ()
    subscriptions: tuple[SubscriptionFacts, ...] = ()

    def subscription(self, subscription_id: UUID) -> SubscriptionFacts:
        """Raises KeyError for a subscription of somebody else."""
        for subscription in self.subscriptions:
            if subscription.id == subscription_id:
                return subscription
        raise KeyError(subscription_id)

    @property
    def open_holds(self) -> tuple[HoldFacts, ...]:
        return self.holds + tuple(hold for subscription in self.subscriptions for hold in subscription.holds)


@dataclass(frozen=True, slots=True)
class AccessState:
    """What follows from lifecycle, holds and a pause."""

    access: Access
    is_suspended: bool


def state_with(subscription: SubscriptionFacts, kinds: frozenset[HoldKind]) -> AccessState:
    """The subscription's state if these were all the holds on it and on its customer."""
    lifecycle = subscription.lifecycle
    access = access_of(lifecycle, kinds, is_paused=subscription.is_paused)
    return AccessState(access, counts_as_suspended(lifecycle, kinds))
