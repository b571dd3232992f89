"""Movements of monthly recurring revenue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from partnerpanel.kernel.money import Money
from subscriptions.models import Movement
from subscriptions.rules.movements import MovementKind


@dataclass(frozen=True, slots=True)
class Moved:
    """What movements of one kind came to."""

    kind: MovementKind
    amount: Money


def moved(partner_id: UUID, *, since: datetime, until: datetime) -> list[Moved]:
    """By currency and kind, the sum of what moved in `[since, until)`."""
    rows = Movement.objects.for_partner(partner_id).filter(occurred_at__gte=since, occurred_at__lt=until).order_by()
    sums = rows.values_list("currency", "kind").annotate(sum=Sum("amount")).order_by("currency", "kind")
    return [Moved(MovementKind(kind), Money(amount, currency)) for currency, kind, amount in sums]


def recurring_by_movements(partner_id: UUID) -> list[Money]:
    """All movements added up, per currency, the largest first: the monthly recurring revenue, derived anew."""
    rows = Movement.objects.for_partner(partner_id).order_by()
    sums = rows.values_list("currency").annotate(sum=Sum("amount"))
    totals = (Money(amount, currency) for currency, amount in sums if amount)
    return sorted(totals, key=lambda money: (-money.amount, money.currency))
