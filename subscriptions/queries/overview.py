"""Figures and lists of what needs doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Sum

from partnerpanel.kernel.money import Money
from subscriptions.models import ServiceAccount, Subscription
from subscriptions.provisioning.steps import standing, steps_between
from subscriptions.rules.states import Lifecycle


def monthly_recurring(partner_id: UUID) -> list[Money]:
    """What active subscriptions come to in a month, per currency, the largest first.

    Prices less coupons that last for ever, with recurring add-ons, without tax; trials and paused ones are not
    counted. Each subscription's value is rounded by itself, so the parts add up to the sum.
    """
    rows = Subscription.objects.for_partner(partner_id).filter(lifecycle=Lifecycle.ACTIVE).order_by()
    sums = rows.values_list("currency").annotate(total=Sum("mrr_amount"))
    return sorted((Money(total, currency) for currency, total in sums), key=lambda m: (-m.amount, m.currency))


def currencies_of(partner_id: UUID, customer_id: UUID) -> list[str]:
    """In which the customer has subscriptions, the newest subscription's first."""
    rows = Subscription.objects.for_partner(partner_id).filter(customer=customer_id).order_by("-started_at", "-pk")
    return list(dict.fromkeys(rows.values_list("currency", flat=True)))


@dataclass(frozen=True, slots=True)
class Parked:
    """A service account that is not what it should be and waits for a person; `steps` say what is missing."""

    id: UUID
    customer_id: UUID
    customer_name: str
    username: str
    steps: tuple[str, ...]
    error: str
    since: datetime


def parked_accounts(partner_id: UUID, *, limit: int = 20) -> list[Parked]:
    """Longest waiting first."""
    rows = (
        ServiceAccount.objects.for_partner(partner_id)
        .filter(parked_at__isnull=False)
        .select_related("subscription__customer")
        .defer("password_sealed")
        .order_by("parked_at", "pk")[:limit]
    )
    return [
        Parked(
            id=row.pk,
            customer_id=row.subscription.customer_id,
            customer_name=row.subscription.customer.name,
            username=row.username,
            steps=tuple(steps_between(standing(row.actual, row.made_terms), standing(row.desired, row.terms))),
            error=row.last_error,
            since=row.parked_at,
        )
        for row in rows
        if row.parked_at
    ]


@dataclass(frozen=True, slots=True)
class Troubled:
    """A subscription somebody should look at, and why."""

    id: UUID
    customer_id: UUID
    customer_name: str
    plan_name: str
    status: str
    at: datetime | None


def trials_ending(partner_id: UUID, *, now: datetime, days: int = 7, limit: int = 10) -> list[Troubled]:
    """Trials that end within so many days, the soonest first."""
    rows = (
        Subscription.objects.for_partner(partner_id)
        .filter(lifecycle=Lifecycle.TRIALING, trial_ends_at__gte=now, trial_ends_at__lt=now + timedelta(days=days))
        .select_related("customer", "plan")
        .order_by("trial_ends_at", "pk")[:limit]
    )
    return [_troubled(row, "trialing", row.trial_ends_at) for row in rows]


def awaiting_cut_over(partner_id: UUID) -> int:
    """Imported subscriptions that run but are not billed yet."""
    return (
        Subscription.objects.for_partner(partner_id)
        .filter(awaits_cut_over=True)
        .exclude(lifecycle=Lifecycle.ENDED)
        .count()
    )


def _troubled(row: Subscription, status: str, at: datetime | None) -> Troubled:
    return Troubled(row.pk, row.customer_id, row.customer.name, row.plan.name, status, at)
