"""What an import compares with: plans by name, subscriptions by their own number, and those that wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F

from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from subscriptions.models import Plan, PlanPrice, Product, Subscription
from subscriptions.rules.moving_in import SubscriptionTerms
from subscriptions.rules.states import Lifecycle


@dataclass(frozen=True, slots=True)
class HeldPlan:
    """A plan that exists; `prices` maps a currency to minor units."""

    id: UUID
    interval: Interval
    prices: dict[str, int]


@dataclass(frozen=True, slots=True)
class HeldSubscription:
    """A subscription that exists, as an import compares it; `started_on` is local to its zone."""

    id: UUID
    customer_id: UUID
    terms: SubscriptionTerms
    started_on: date
    awaits_cut_over: bool


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """Subscriptions that wait for the cut-over and are billed alike; `price` is what each costs for one interval."""

    lifecycle: Lifecycle
    interval: Interval
    count: int
    price: Money


def held_products(partner_id: UUID) -> dict[str, UUID]:
    """Every product by its name."""
    return dict(Product.objects.for_partner(partner_id).order_by("pk").values_list("name", "pk"))


def held_plans(partner_id: UUID) -> dict[tuple[str, str], HeldPlan]:
    """Every plan, archived ones too, by its product's and its own name."""
    prices: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
    for plan_id, currency, amount in PlanPrice.objects.for_partner(partner_id).values_list(
        "plan_id", "currency", "amount"
    ):
        prices[plan_id][currency] = amount
    rows = Plan.objects.for_partner(partner_id).select_related("product").order_by("pk")
    return {(row.product.name, row.name): HeldPlan(row.pk, row.interval, prices[row.pk]) for row in rows}


def held_subscriptions(
    partner_id: UUID, external_ids: Collection[str], *, lock: bool = False
) -> dict[str, HeldSubscription]:
    """By own number, the subscriptions that have one of these. Lock their customers first."""
    rows = Subscription.objects.for_partner(partner_id).order_by("pk")
    rows = rows.filter(external_id__in=[one for one in external_ids if one])
    rows = rows.select_for_update(of=("self",)) if lock else rows
    return {row.external_id: _held(row) for row in rows}


def waiting_groups(partner_id: UUID) -> list[WaitingGroup]:
    """What the cut-over would start, grouped by lifecycle, interval and price."""
    keys = ("lifecycle", "plan__interval_unit", "plan__interval_count", "currency")
    rows: Any = Subscription.objects.for_partner(partner_id).filter(awaits_cut_over=True).order_by()
    rows = rows.annotate(amount=F("price_amount") * F("quantity")).values_list(*keys, "amount")
    rows = rows.annotate(count=Count("pk")).order_by(*keys, "amount")
    return [
        WaitingGroup(Lifecycle(lifecycle), Interval(Unit(unit), length), count, Money(int(amount), currency))
        for lifecycle, unit, length, currency, amount, count in rows
    ]


def terms_of(row: Subscription) -> SubscriptionTerms:
    """What the subscription's row says was agreed."""
    return SubscriptionTerms(
        plan_id=row.plan_id,
        currency=row.currency,
        price_amount=row.price_amount,
        is_agreed=row.price_is_agreed,
        quantity=row.quantity,
        lifecycle=Lifecycle(row.lifecycle),
        cancel_at_period_end=row.cancel_at_period_end,
    )


def _held(row: Subscription) -> HeldSubscription:
    return HeldSubscription(
        id=row.pk,
        customer_id=row.customer_id,
        terms=terms_of(row),
        started_on=local_date(row.started_at, row.timezone),
        awaits_cut_over=row.awaits_cut_over,
    )
