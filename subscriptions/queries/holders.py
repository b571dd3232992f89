"""Running subscriptions and what they pay, for rules that choose among them."""

from __future__ import annotations

from collections.abc import Collection as Many
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from partnerpanel.kernel.money import Money
from subscriptions.models import Subscription
from subscriptions.rules.states import Lifecycle


@dataclass(frozen=True, slots=True)
class HolderLine:
    """`price` is that of a period, for all of its quantity; `monthly` what it counts for in a month."""

    id: UUID
    customer_id: UUID
    customer_name: str
    plan_id: UUID
    plan_name: str
    product_id: UUID
    price: Money
    monthly: Money
    lifecycle: Lifecycle
    timezone: str


COLUMNS = (
    *("pk", "customer_id", "customer__name", "plan_id", "plan__name", "plan__product_id"),
    *("price_amount", "quantity", "currency", "mrr_amount", "lifecycle", "timezone"),
)


def holder_lines(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, HolderLine]:
    """By id, whatever their state."""
    rows = Subscription.objects.for_partner(partner_id).filter(pk__in=list(subscription_ids))
    return {one.id: one for one in _lines(rows)}


def running_holders(partner_id: UUID, *, limit: int) -> list[HolderLine]:
    """Active ones that are not cancelled, the oldest first, at most so many."""
    rows = Subscription.objects.for_partner(partner_id).filter(lifecycle=Lifecycle.ACTIVE, cancel_at_period_end=False)
    return _lines(rows.order_by("pk")[:limit])


def ended_holders(partner_id: UUID, *, limit: int) -> list[HolderLine]:
    """Those that have ended while their customers' data is still there, the oldest first, at most so many."""
    rows = Subscription.objects.for_partner(partner_id).filter(lifecycle=Lifecycle.ENDED)
    return _lines(rows.filter(customer__erased_at=None).order_by("pk")[:limit])


def _lines(rows: QuerySet[Subscription]) -> list[HolderLine]:
    return [
        HolderLine(
            id=id_,
            customer_id=customer_id,
            customer_name=customer_name,
            plan_id=plan_id,
            plan_name=plan_name,
            product_id=product_id,
            price=Money(price * quantity, currency),
            monthly=Money(mrr, currency),
            lifecycle=Lifecycle(lifecycle),
            timezone=zone,
        )
        for (
            id_,
            customer_id,
            customer_name,
            plan_id,
            plan_name,
            product_id,
            price,
            quantity,
            currency,
            mrr,
            lifecycle,
            zone,
        ) in rows.values_list(*COLUMNS)
    ]
