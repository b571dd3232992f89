"""Who holds a plan, at which prices, and how the service of those stands."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection as Many
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, Sum

from partnerpanel.kernel.money import Money
from subscriptions.models import ServiceAccount, Subscription
from subscriptions.rules.states import Lifecycle


@dataclass(frozen=True, slots=True)
class Held:
    """Subscriptions on a plan that have not ended, and what the active ones come to in a month per currency."""

    subscriptions: int = 0
    monthly: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True)
class PaidPrice:
    """So many subscriptions pay this unit price; `is_agreed`: it was agreed with each of them."""

    price: Money
    is_agreed: bool
    subscriptions: int


@dataclass(frozen=True, slots=True)
class HolderFacts:
    """Those who hold one plan. `by_lifecycle` counts subscriptions, `prices` has the most frequent one first."""

    customers: int
    by_lifecycle: dict[Lifecycle, int]
    cancelling: int
    suspended: int
    prices: tuple[PaidPrice, ...]


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """Logins of a plan's holders at the service. `waiting`: on their way to what they should be; `parked`: stuck."""

    accounts: int
    enabled: int
    waiting: int
    parked: int


def held_by_plan(partner_id: UUID, plan_ids: Many[UUID]) -> dict[UUID, Held]:
    """By plan; a plan that nobody holds is absent. Each subscription's value is rounded by itself."""
    rows = (
        Subscription.objects.for_partner(partner_id)
        .filter(plan__in=plan_ids)
        .exclude(lifecycle=Lifecycle.ENDED)
        .order_by()
        .values_list("plan", "currency")
        .annotate(how_many=Count("pk"), recurring=Sum("mrr_amount"))
    )
    holders: Counter[UUID] = Counter()
    sums: defaultdict[UUID, Counter[str]] = defaultdict(Counter)
    for plan_id, currency, how_many, recurring in rows:
        holders[plan_id] += how_many
        sums[plan_id][currency] += recurring
    return {
        plan_id: Held(how_many, tuple(Money(sums[plan_id][c], c) for c in sorted(sums[plan_id]) if sums[plan_id][c]))
        for plan_id, how_many in holders.items()
    }


def holder_facts(partner_id: UUID, plan_id: UUID, *, prices: int = 12) -> HolderFacts:
    """Who holds the plan now, with at most so many different prices."""
    rows = Subscription.objects.for_partner(partner_id).filter(plan=plan_id).exclude(lifecycle=Lifecycle.ENDED)
    totals = rows.aggregate(
        customers=Count("customer", distinct=True),
        cancelling=Count("pk", filter=Q(cancel_at_period_end=True)),
        suspended=Count("pk", filter=Q(is_suspended=True)),
    )
    lifecycles = rows.order_by().values_list("lifecycle").annotate(how_many=Count("pk"))
    paid = rows.order_by().values_list("currency", "price_amount", "price_is_agreed").annotate(how_many=Count("pk"))
    return HolderFacts(
        customers=totals["customers"],
        by_lifecycle={Lifecycle(lifecycle): how_many for lifecycle, how_many in lifecycles},
        cancelling=totals["cancelling"],
        suspended=totals["suspended"],
        prices=tuple(
            PaidPrice(Money(amount, currency), is_agreed, how_many)
            for currency, amount, is_agreed, how_many in paid.order_by("-how_many", "currency", "price_amount")[:prices]
        ),
    )


def holders_of(partner_id: UUID, plan_id: UUID) -> list[UUID]:
    """Customers with a subscription on the plan that has not ended, in the order of their ids."""
    rows = Subscription.objects.for_partner(partner_id).filter(plan=plan_id).exclude(lifecycle=Lifecycle.ENDED)
    return list(rows.order_by("customer_id").values_list("customer_id", flat=True).distinct())


def service_facts(partner_id: UUID, plan_id: UUID) -> ServiceFacts:
    """How the logins of the plan's holders stand."""
    rows = ServiceAccount.objects.for_partner(partner_id).filter(subscription__plan=plan_id)
    found = rows.exclude(subscription__lifecycle=Lifecycle.ENDED).aggregate(
        accounts=Count("pk"),
        enabled=Count("pk", filter=Q(actual="enabled")),
        waiting=Count("pk", filter=~Q(actual=F("desired"), made_terms=F("terms")) & Q(parked_at=None)),
        parked=Count("pk", filter=Q(parked_at__isnull=False)),
    )
    return ServiceFacts(**found)
