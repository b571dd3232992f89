"""Hears of every change of recurring revenue and writes it down as a movement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from partnerpanel.events.consumers import Consumer, Foreseen
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.bulk import insert_rows
from partnerpanel.tenancy.reads import Read
from subscriptions.models import Movement
from subscriptions.rules.movements import KEY, kind_of, moves

NAME = "movements"
KINDS = frozenset(
    {
        "subscription.created",
        "subscription.updated",
        "subscription.renewed",
        "subscription.started",
        "subscription.ended",
        "subscription.plan_changed",
        "subscription.quantity_changed",
        "subscription.price_changed",
        "subscription.rolled_back",
        "subscription.billing_date_moved",
        "subscription.addon_added",
        "subscription.addons_ended",
        "subscription.coupon_redeemed",
        "subscription.coupon_removed",
        "subscription.paused",
        "subscription.resumed",
        "subscription.restored",
        "subscription.restarted",
    }
)
COLUMNS = ("event", "customer", "subscription", "kind", "currency", "amount", "occurred_at")


def handle(events: Sequence[Event], _: datetime) -> None:
    """One movement per event and currency; an event that was written down already is left out by its key."""
    partner_id = events[0].partner_id
    sums = _sums(partner_id, {event.customer_id for event in events if event.customer_id})
    rows = [
        _row(event, event.customer_id, before, after, sums.setdefault(event.customer_id, {}))
        for event in sorted(events, key=lambda event: (event.occurred_at, event.pk))
        if event.customer_id
        for before, after in moves(event.data)
    ]
    insert_rows(Movement, partner_id=partner_id, columns=COLUMNS, rows=rows, ignore_conflicts=True)


def foresee(_: Sequence[EventDraft]) -> list[Foreseen]:
    """Nothing that anybody would wait for."""
    return []


def _row(event: Event, customer_id: UUID, before: Money, after: Money, sums: dict[str, int]) -> tuple[object, ...]:
    """`sums` is what the customer came to, by currency, and goes on with the movement."""
    has_left = bool(sums) and not any(sums.values())
    moved = after.amount - before.amount
    sums[after.currency] = sums.get(after.currency, 0) + moved
    kind = kind_of(before, after, has_left=has_left)
    return (event.pk, customer_id, event.object_id, kind, after.currency, moved, event.occurred_at)


def _sums(partner_id: UUID, customer_ids: set[UUID]) -> dict[UUID, dict[str, int]]:
    found: dict[UUID, dict[str, int]] = {}
    for customer_id, currency, amount in _SUMS(partner_id, customer_ids):
        found.setdefault(customer_id, {})[currency] = amount
    return found


_SUMS = Read(
    lambda partner_id, customer_ids: (
        Movement.objects.for_partner(partner_id)
        .filter(customer__among=customer_ids)
        .order_by()
        .values_list("customer", "currency")
        .annotate(sum=Sum("amount"))
    )
)
CONSUMER = Consumer(name=NAME, kinds=KINDS, handle=handle, foresee=foresee, only_with=KEY)
