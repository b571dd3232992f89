"""Subscriptions as the billing engine reads them."""

from __future__ import annotations

from collections.abc import Collection as Many
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.queries.facts import identities
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read
from subscriptions.models import Hold, Subscription
from subscriptions.queries.facts import pause_runs
from subscriptions.queries.sql.newest_terms import NEWEST_TERMS, TermLine, newest_terms
from subscriptions.rules.next_price import NextPrice
from subscriptions.rules.states import Access, Collection, HoldKind, Lifecycle


@dataclass(frozen=True, slots=True)
class Contract:
    """One subscription: what was agreed, where it stands, its newest term. `is_held`: by anything but provisioning;
    `is_paused`: a pause runs; `is_being_set_up` is asked of those with a pause and those that have ended alone."""

    id: UUID
    customer_id: UUID
    version: int
    plan_id: UUID
    plan_name: str
    interval: Interval
    quantity: int
    price: Money
    recurring: Money
    lifecycle: Lifecycle
    collection: Collection
    zone: str
    anchor_on: date
    term: TermLine | None
    auto_renew: bool
    cancel_at_period_end: bool
    is_paused: bool
    is_held: bool
    renewal_waits: bool
    reminded_on: date | None
    awaits_cut_over: bool
    paused_from: datetime | None
    paused_until: datetime | None
    access: Access
    is_being_set_up: bool
    next_price: NextPrice | None
    starts_at: datetime
    trial_ends_at: datetime | None
    ended_before: datetime | None
    ended_at: datetime | None
    card_id: UUID | None


def due_subscriptions(partner_id: UUID, *, now: datetime, limit: int) -> dict[UUID, UUID]:
    """Subscriptions with a step due, longest due first, with their customers."""
    return dict(_due_read(limit)(partner_id, now))


@lru_cache
def _due_read(limit: int) -> Read[Any]:
    return Read(
        lambda partner_id, now: (
            Subscription.objects.for_partner(partner_id)
            .filter(due_at__lte=now, parked_at=None)
            .order_by("due_at", "pk")
            .values_list("pk", "customer_id")[:limit]
        )
    )


def due_endings(partner_id: UUID, *, now: datetime, limit: int) -> dict[UUID, UUID]:
    """The same, of those alone that end because their customers cancelled them."""
    rows = Subscription.objects.for_partner(partner_id).filter(due_at__lte=now, parked_at=None)
    ending = rows.filter(cancel_at_period_end=True)
    return dict(ending.order_by("due_at", "pk").values_list("pk", "customer_id")[:limit])


def contracts(
    partner_id: UUID, subscription_ids: Many[UUID], *, now: datetime, lock: bool = False
) -> dict[UUID, Contract]:
    """By id. `lock` takes the customers' rows first and then the subscriptions', each in the order of their ids."""
    if lock:
        identities(partner_id, set(_CUSTOMERS(partner_id, subscription_ids)), lock=True)
    read = _LOCKED if lock else _ROWS
    found = [_Row(*values) for values in read(partner_id, subscription_ids)]
    terms = newest_terms(partner_id, [row.id for row in found])
    closed = [row.id for row in found if row.paused_from is not None or row.lifecycle == Lifecycle.ENDED]
    set_up = _being_set_up(partner_id, closed)
    intervals: dict[UUID, Interval] = {}
    return {
        row.id: _contract(row, intervals, terms.get(row.id), now, is_being_set_up=row.id in set_up) for row in found
    }


def contracts_ahead(partner_id: UUID, subscription_ids: Many[UUID]) -> list[Asked]:
    """What `contracts` asks."""
    return [Asked(read, (partner_id, subscription_ids)) for read in (_ROWS, NEWEST_TERMS)]


class _Row(NamedTuple):
    """The columns that a contract is made of."""

    id: UUID
    customer_id: UUID
    version: int
    plan_id: UUID
    plan_name: str
    interval_unit: str
    interval_count: int
    quantity: int
    price_amount: int
    mrr_amount: int
    currency: str
    lifecycle: str
    collection: str
    zone: str
    anchor_on: date
    auto_renew: bool
    cancel_at_period_end: bool
    awaits_cut_over: bool
    paused_from: datetime | None
    paused_until: datetime | None
    renewal_waits: bool
    reminded_on: date | None
    access: str
    next_price_amount: int | None
    next_price_from: date | None
    next_price_announced_on: date | None
    started_at: datetime
    trial_ends_at: datetime | None
    ended_before: datetime | None
    ended_at: datetime | None
    card_id: UUID | None
    is_held: bool


COLUMNS = (
    "pk",
    "customer_id",
    "version",
    "plan_id",
    "plan__name",
    "plan__interval_unit",
    "plan__interval_count",
    "quantity",
    "price_amount",
    "mrr_amount",
    "currency",
    "lifecycle",
    "collection",
    "timezone",
    "anchor_on",
    "auto_renew",
    "cancel_at_period_end",
    "awaits_cut_over",
    "paused_from",
    "paused_until",
    "renewal_waits",
    "reminded_on",
    "access",
    "next_price_amount",
    "next_price_from",
    "next_price_announced_on",
    "started_at",
    "trial_ends_at",
    "ended_before",
    "ended_at",
    "card_id",
)


def _rows(partner_id: UUID, subscription_ids: Many[UUID]) -> QuerySet[Subscription, Any]:
    rows = Subscription.objects.for_partner(partner_id).filter(pk__among=subscription_ids).order_by("pk")
    # Whoever places or releases a hold has the customer's lock, which comes first here, too.
    on_it = Q(subscription=None) | Q(subscription=OuterRef("pk"))
    holds = Hold.objects.for_partner(partner_id).filter(on_it, customer=OuterRef("customer"), released_at=None)
    return rows.values_list(*COLUMNS, Exists(holds.exclude(kind=HoldKind.PROVISIONING)))


_ROWS = Read(_rows)
_LOCKED = Read(lambda partner_id, ids: _rows(partner_id, ids).select_for_update(of=("self",)))
_CUSTOMERS = Read(
    lambda partner_id, ids: (
        Subscription.objects.for_partner(partner_id).filter(pk__among=ids).values_list("customer_id", flat=True)
    )
)


def _contract(
    row: _Row,
    intervals: dict[UUID, Interval],
    term: TermLine | None,
    now: datetime,
    *,
    is_being_set_up: bool,
) -> Contract:
    interval = intervals.get(row.plan_id)
    if interval is None:
        interval = intervals[row.plan_id] = Interval(Unit(row.interval_unit), row.interval_count)
    # Unit price × quantity, before coupon and tax.
    price = Money(row.price_amount * row.quantity, row.currency)
    return Contract(
        id=row.id,
        customer_id=row.customer_id,
        version=row.version,
        plan_id=row.plan_id,
        plan_name=row.plan_name,
        interval=interval,
        quantity=row.quantity,
        price=price,
        recurring=Money(row.mrr_amount, row.currency),
        lifecycle=Lifecycle(row.lifecycle),
        collection=Collection(row.collection),
        zone=row.zone,
        anchor_on=row.anchor_on,
        term=term,
        auto_renew=row.auto_renew,
        cancel_at_period_end=row.cancel_at_period_end,
        is_paused=pause_runs(row, now),
        is_held=row.is_held,
        renewal_waits=row.renewal_waits,
        reminded_on=row.reminded_on,
        awaits_cut_over=row.awaits_cut_over,
        paused_from=row.paused_from,
        paused_until=row.paused_until,
        access=Access(row.access),
        is_being_set_up=is_being_set_up,
        next_price=NextPrice.of(row.next_price_amount, row.next_price_from, row.next_price_announced_on, row.currency),
        starts_at=row.started_at,
        trial_ends_at=row.trial_ends_at,
        ended_before=row.ended_before,
        ended_at=row.ended_at,
        card_id=row.card_id,
    )


def _being_set_up(partner_id: UUID, subscription_ids: Many[UUID]) -> set[UUID]:
    if not subscription_ids:
        return set()
    rows = Hold.objects.for_partner(partner_id).filter(kind=HoldKind.PROVISIONING, released_at=None)
    found = rows.filter(subscription__among=subscription_ids).values_list("subscription_id", flat=True)
    return set(found)
