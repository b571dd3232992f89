"""Loading what access verbs plan with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Many
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db.models import QuerySet

from customers.queries import facts as customers
from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read
from subscriptions.models import Hold, ServiceAccount, Subscription
from subscriptions.rules.facts import CustomerFacts, HoldFacts, SubscriptionFacts
from subscriptions.rules.service_states import ServiceState
from subscriptions.rules.states import Access, Collection, HoldKind, Lifecycle


def load_facts(
    partner_id: UUID, customer_ids: Many[UUID], *, now: datetime, lock: bool = False
) -> dict[UUID, CustomerFacts]:
    """The customers that exist, by id, with subscriptions and open holds.

    `lock` takes the customers' rows first and then their subscriptions', each in the order of their ids.
    """
    identities = customers.identities(partner_id, customer_ids, lock=lock)
    subscriptions = (_LOCKED if lock else _ROWS)(partner_id, identities)
    holds = _open_holds(partner_id, identities)
    services = _services(partner_id, [row.pk for row in subscriptions])
    by_customer: defaultdict[UUID, list[SubscriptionFacts]] = defaultdict(list)
    for row in subscriptions:
        username, desired = services.get(row.pk, (None, None))
        own_holds = tuple(hold for hold in holds[row.customer_id] if hold.subscription_id == row.pk)
        by_customer[row.customer_id].append(_facts(row, own_holds, username, desired, now))
    return {
        identity.id: CustomerFacts(
            id=identity.id,
            version=identity.version,
            name=identity.name,
            holds=tuple(hold for hold in holds[identity.id] if hold.subscription_id is None),
            subscriptions=tuple(by_customer[identity.id]),
        )
        for identity in identities.values()
    }


def _rows(partner_id: UUID, customer_ids: Many[UUID]) -> QuerySet[Subscription]:
    rows = Subscription.objects.for_partner(partner_id).filter(customer__among=customer_ids)
    return rows.order_by("pk").select_related("plan")


_ROWS = Read(_rows)
_LOCKED = Read(lambda partner_id, customer_ids: _rows(partner_id, customer_ids).select_for_update(of=("self",)))
_HOLDS = Read(
    lambda partner_id, customer_ids: (
        Hold.objects.for_partner(partner_id)
        .filter(customer__among=customer_ids, released_at=None)
        .order_by("placed_at", "pk")
    )
)
_SERVICES = Read(
    lambda partner_id, ids: (
        ServiceAccount.objects.for_partner(partner_id)
        .filter(subscription__among=ids)
        .values_list("subscription_id", "username", "desired")
    )
)


def customers_of(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, UUID]:
    """The customer of each subscription that exists."""
    return dict(_CUSTOMERS_OF(partner_id, subscription_ids))


def customers_ahead(partner_id: UUID, subscription_ids: Many[UUID]) -> Asked:
    """What `customers_of` asks."""
    return Asked(_CUSTOMERS_OF, (partner_id, subscription_ids))


_CUSTOMERS_OF = Read(
    lambda partner_id, ids: (
        Subscription.objects.for_partner(partner_id).filter(pk__among=ids).values_list("pk", "customer_id")
    )
)


def subscriptions_of(partner_id: UUID, customer_id: UUID) -> list[UUID]:
    """Ids of one customer's subscriptions, oldest first."""
    return _OF_CUSTOMER(partner_id, customer_id)


def of_customer_ahead(partner_id: UUID, customer_id: UUID) -> Asked:
    """What `subscriptions_of` asks."""
    return Asked(_OF_CUSTOMER, (partner_id, customer_id))


_OF_CUSTOMER = Read(
    lambda partner_id, customer_id: (
        Subscription.objects.for_partner(partner_id)
        .filter(customer=customer_id)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
)


def holds_released_by(partner_id: UUID, action_id: UUID, customer_ids: Many[UUID]) -> dict[UUID, list[HoldFacts]]:
    """By customer, the holds that one action released."""
    rows = Hold.objects.for_partner(partner_id).filter(customer__in=customer_ids, released_action_id=action_id)
    found: defaultdict[UUID, list[HoldFacts]] = defaultdict(list)
    for row in rows.order_by("placed_at", "pk"):
        found[row.customer_id].append(_hold(row))
    return found


def kinds_placed_by(partner_id: UUID, action_id: UUID) -> frozenset[HoldKind]:
    """The kinds of holds that one action placed."""
    rows = Hold.objects.for_partner(partner_id).filter(placed_action_id=action_id)
    return frozenset(HoldKind(kind) for kind in rows.order_by().values_list("kind", flat=True).distinct())


def _facts(
    row: Subscription, holds: tuple[HoldFacts, ...], username: str | None, desired: ServiceState | None, now: datetime
) -> SubscriptionFacts:
    return SubscriptionFacts(
        id=row.pk,
        version=row.version,
        plan_name=row.plan.name,
        lifecycle=Lifecycle(row.lifecycle),
        collection=Collection(row.collection),
        cancel_at_period_end=row.cancel_at_period_end,
        is_paused=pause_runs(row, now),
        access=Access(row.access),
        is_suspended=row.is_suspended,
        holds=holds,
        service_username=username,
        service_desired=desired,
    )


class Pausable(Protocol):
    """The columns that say whether a subscription is paused."""

    @property
    def awaits_cut_over(self) -> bool: ...
    @property
    def paused_from(self) -> datetime | None: ...
    @property
    def renewal_waits(self) -> bool: ...


def pause_runs(row: Pausable, now: datetime) -> bool:
    """From its beginning, when the renewal begins to wait, until somebody resumes it or the engine does on its day."""
    return row.renewal_waits and row.paused_from is not None and row.paused_from <= now


def is_paused(row: Pausable, now: datetime) -> bool:
    """Not billed now: paused, or imported and waiting for the cut-over."""
    return row.awaits_cut_over or pause_runs(row, now)


def _open_holds(partner_id: UUID, customer_ids: Many[UUID]) -> defaultdict[UUID, list[HoldFacts]]:
    found: defaultdict[UUID, list[HoldFacts]] = defaultdict(list)
    for row in _HOLDS(partner_id, customer_ids):
        found[row.customer_id].append(_hold(row))
    return found


def _hold(row: Hold) -> HoldFacts:
    return HoldFacts(row.pk, HoldKind(row.kind), row.reason, row.subscription_id, row.placed_action_id)


def _services(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, tuple[str, ServiceState]]:
    return {
        subscription_id: (username, ServiceState(desired))
        for subscription_id, username, desired in _SERVICES(partner_id, subscription_ids)
    }
