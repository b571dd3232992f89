"""Subscriptions as lists and pages show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Many
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read
from subscriptions.models import Hold, Plan, ServiceAccount, Subscription, Term
from subscriptions.queries.credentials import with_address
from subscriptions.queries.facts import is_paused, pause_runs
from subscriptions.rules.connection import Connection, connection_of
from subscriptions.rules.recurring import monthly_value
from subscriptions.rules.states import SERVED, Collection, HoldKind, Lifecycle


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold as staff read it; `is_wide` when it lies on the whole customer. `action_id` placed it."""

    kind: HoldKind
    reason: str
    placed_at: datetime
    is_wide: bool
    action_id: UUID


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """The login on the service. The password is not here."""

    id: UUID
    username: str
    connection: Connection
    desired: str
    actual: str
    password_pending: bool
    needs_person: bool
    error: str

    @property
    def in_sync(self) -> bool:
        return self.desired == self.actual and not self.password_pending


@dataclass(frozen=True, slots=True)
class SubscriptionLine:
    """One subscription with everything that a row or card shows.

    `status` is the one word that matters most; `next_billing_on` is None where nothing will be billed. `next_price` is
    announced for one interval, `next_price_from` its day. `has_pause`: one runs (`is_paused`) or is agreed; `is_due`:
    the day on which it is billed has come.
    """

    id: UUID
    customer_id: UUID
    product_name: str
    plan_name: str
    quantity: int
    price: Money
    monthly: Money
    is_agreed: bool
    interval_unit: str
    interval_count: int
    lifecycle: Lifecycle
    collection: Collection
    access: str
    is_suspended: bool
    status: str
    started_at: datetime
    ended_at: datetime | None
    trial_ends_at: datetime | None
    term_ends_on: date | None
    next_billing_on: date | None
    cancel_at_period_end: bool
    awaits_cut_over: bool
    timezone: str
    next_price: Money | None
    next_price_from: date | None
    holds: tuple[HoldLine, ...] = ()
    service: ServiceLine | None = None
    has_pause: bool = False
    is_paused: bool = False
    is_due: bool = False

    @property
    def has_own_hold(self) -> bool:
        """A hold other than provisioning lies on this subscription itself."""
        return any(not hold.is_wide and hold.kind is not HoldKind.PROVISIONING for hold in self.holds)


def lines_of(partner_id: UUID, customer_ids: Many[UUID], *, now: datetime) -> dict[UUID, list[SubscriptionLine]]:
    """By customer, newest first, those that have ended last."""
    rows = _LINES(partner_id, customer_ids)
    holds = _holds(partner_id, customer_ids)
    services = _services(partner_id, [row.pk for row in rows])
    found: defaultdict[UUID, list[SubscriptionLine]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.lifecycle == Lifecycle.ENDED):
        its_holds = tuple(line for owner, line in holds[row.customer_id] if owner in (None, row.pk))
        found[row.customer_id].append(_line(row, its_holds, services.get(row.pk), now))
    return found


def lines_ahead(partner_id: UUID, customer_ids: Many[UUID], subscription_ids: Many[UUID]) -> list[Asked]:
    """What `lines_of` asks; the subscriptions are all that the customers have."""
    of_customers = [Asked(read, (partner_id, customer_ids)) for read in (_LINES, _HOLDS)]
    return [*of_customers, Asked(_SERVICES, (partner_id, subscription_ids))]


def owned_by(partner_id: UUID, customer_id: UUID) -> list[tuple[UUID, UUID, Lifecycle]]:
    """Each with its plan and where it stands; also those that have ended."""
    rows = Subscription.objects.for_partner(partner_id).filter(customer=customer_id).order_by("pk")
    return [(id_, plan_id, Lifecycle(one)) for id_, plan_id, one in rows.values_list("pk", "plan_id", "lifecycle")]


def _lines(partner_id: UUID, customer_ids: Many[UUID]) -> QuerySet[Subscription]:
    last_term = (
        Term.objects.filter(partner=OuterRef("partner"), subscription=OuterRef("pk"))
        .order_by("-number")
        .values("ends_on")[:1]
    )
    return (
        Subscription.objects.for_partner(partner_id)
        .filter(customer__among=customer_ids)
        .select_related("plan__product")
        .annotate(term_ends_on=Subquery(last_term))
        .order_by("-started_at", "-pk")
    )


_LINES = Read(_lines)
_HOLDS = Read(
    lambda partner_id, customer_ids: (
        Hold.objects.for_partner(partner_id)
        .filter(customer__among=customer_ids, released_at=None)
        .order_by("placed_at", "pk")
    )
)
_SERVICES = Read(
    lambda partner_id, ids: with_address(ServiceAccount.objects.for_partner(partner_id).filter(subscription__among=ids))
)


def holders_of_plan(partner_id: UUID, plan_id: UUID) -> Any:
    """Customers with a subscription on the plan that has not ended, as a query to filter by."""
    rows = Subscription.objects.for_partner(partner_id).filter(plan=plan_id)
    return rows.exclude(lifecycle=Lifecycle.ENDED).values("customer_id")


def plan_choices(partner_id: UUID) -> list[tuple[UUID, str]]:
    """Plans as “Product · Plan”, archived ones last."""
    plans = Plan.objects.for_partner(partner_id).select_related("product")
    ordered = sorted(plans, key=lambda plan: (plan.archived_at is not None, plan.product.name, plan.rank, plan.name))
    return [(plan.pk, f"{plan.product.name} · {plan.name}") for plan in ordered]


def wide_holds(partner_id: UUID, customer_id: UUID) -> list[HoldLine]:
    """Holds on the whole customer, oldest first."""
    return [line for owner, line in _holds(partner_id, [customer_id])[customer_id] if owner is None]


def _line(
    row: Subscription, holds: tuple[HoldLine, ...], service: ServiceLine | None, now: datetime
) -> SubscriptionLine:
    lifecycle, collection = Lifecycle(row.lifecycle), Collection(row.collection)
    paused = is_paused(row, now)
    ends_on: date | None = row.term_ends_on  # type: ignore[attr-defined]
    announced = None
    if lifecycle is not Lifecycle.ENDED and not row.cancel_at_period_end:
        announced = row.next_price
    bills = lifecycle in SERVED and row.auto_renew and not row.cancel_at_period_end and not paused
    return SubscriptionLine(
        id=row.pk,
        customer_id=row.customer_id,
        product_name=row.plan.product.name,
        plan_name=row.plan.name,
        quantity=row.quantity,
        price=row.price,
        monthly=row.mrr if lifecycle is Lifecycle.ACTIVE else monthly_value(row.price, row.plan.interval),
        is_agreed=row.price_is_agreed,
        interval_unit=row.plan.interval_unit,
        interval_count=row.plan.interval_count,
        lifecycle=lifecycle,
        collection=collection,
        access=row.access,
        is_suspended=row.is_suspended,
        status=_status(row, lifecycle, collection, holds, paused=paused),
        started_at=row.started_at,
        ended_at=row.ended_at,
        trial_ends_at=row.trial_ends_at,
        term_ends_on=ends_on,
        next_billing_on=ends_on if bills else None,
        cancel_at_period_end=row.cancel_at_period_end,
        awaits_cut_over=row.awaits_cut_over,
        timezone=row.timezone,
        next_price=announced.unit.times(row.quantity) if announced else None,
        next_price_from=announced.from_on if announced else None,
        holds=holds,
        service=service,
        has_pause=row.paused_from is not None,
        is_paused=pause_runs(row, now),
        is_due=ends_on is not None and ends_on <= local_date(now, row.timezone),
    )


def _status(
    row: Subscription, lifecycle: Lifecycle, collection: Collection, holds: tuple[HoldLine, ...], *, paused: bool
) -> str:
    if lifecycle is Lifecycle.ENDED:
        return "ended"
    if row.is_suspended:
        return "suspended"
    if any(hold.kind is HoldKind.PROVISIONING for hold in holds):
        return "provisioning"
    if lifecycle not in SERVED:
        return lifecycle.value
    if collection is not Collection.CURRENT:
        return collection.value
    if paused:
        return "paused"
    if row.cancel_at_period_end:
        return "cancelling"
    return lifecycle.value


def _holds(partner_id: UUID, customer_ids: Many[UUID]) -> defaultdict[UUID, list[tuple[UUID | None, HoldLine]]]:
    found: defaultdict[UUID, list[tuple[UUID | None, HoldLine]]] = defaultdict(list)
    for row in _HOLDS(partner_id, customer_ids):
        is_wide = row.subscription_id is None
        line = HoldLine(HoldKind(row.kind), row.reason, row.placed_at, is_wide, row.placed_action_id)
        found[row.customer_id].append((row.subscription_id, line))
    return found


def _services(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, ServiceLine]:
    return {
        row.subscription_id: ServiceLine(
            id=row.pk,
            username=row.username,
            connection=connection_of(row.address),  # type: ignore[attr-defined]
            desired=row.desired,
            actual=row.actual,
            password_pending=row.password_pending,
            needs_person=row.parked_at is not None,
            error=row.last_error,
        )
        for row in _SERVICES(partner_id, subscription_ids)
    }
