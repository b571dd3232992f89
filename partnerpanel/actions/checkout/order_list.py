"""The list of orders: by state, search by who buys, keyset paging."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from billing.queries.days import ALL_DAYS, Days
from partnerpanel.actions.checkout.models import Checkout
from partnerpanel.actions.checkout.representations import CHECKOUT
from partnerpanel.actions.checkout.states import CheckoutState
from partnerpanel.kernel.clock import start_of_day
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.paging import COUNT_CAP, Page
from partnerpanel.tenancy import keyset
from partnerpanel.tenancy.rows import TenantQuerySet


class OrderTab(StrEnum):
    """All of them, or those in one state."""

    ALL = "all"
    OPEN = CheckoutState.OPEN.value
    PAYING = CheckoutState.PAYING.value
    COMPLETED = CheckoutState.COMPLETED.value
    EXPIRED = CheckoutState.EXPIRED.value
    ABANDONED = CheckoutState.ABANDONED.value


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order as a list shows it.

    `name` and `email` are the customer's where there is one, otherwise what was typed, which nobody need have proved.
    `due` is what was agreed to be paid at once; None as long as nothing is ordered. `address` and `agent` are of the
    visitor who began it.
    """

    id: UUID
    state: CheckoutState
    plan_id: UUID
    plan: str
    quantity: int
    customer_id: UUID | None
    subscription_id: UUID | None
    name: str
    email: str
    is_proved: bool
    due: Money | None
    address: str
    agent: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Wished:
    """What a list is narrowed to: a part of the e-mail address or an order's id, and local days of `zone`."""

    zone: str
    search: str = ""
    days: Days = ALL_DAYS


def order_page(partner_id: UUID, wished: Wished, *, tab: OrderTab, cursor: str | None, limit: int) -> Page[OrderRow]:
    """One page, the last begun first, in one query. Raises InvalidCursor."""
    rows = _matching(partner_id, wished, tab).select_related("customer", "link__plan")
    found = keyset.page(rows, key="opened_at", descending=True, cursor=cursor, limit=limit)
    return Page([_row(row) for row in found.rows], found.previous, found.next)


def order_counts(partner_id: UUID, wished: Wished) -> dict[OrderTab, int]:
    """How many each tab holds, counted no further than COUNT_CAP."""
    return {tab: _matching(partner_id, wished, tab).order_by()[:COUNT_CAP].count() for tab in OrderTab}


def _matching(partner_id: UUID, wished: Wished, tab: OrderTab) -> TenantQuerySet[Checkout]:
    rows = Checkout.objects.for_partner(partner_id).filter(_begun(wished))
    if tab is not OrderTab.ALL:
        rows = rows.filter(state=tab.value)
    return rows.filter(_found(wished.search)) if wished.search else rows


def _begun(wished: Wished) -> Q:
    days, found = wished.days, Q()
    if days.first is not None:
        found &= Q(opened_at__gte=start_of_day(days.first, wished.zone))
    if days.last is not None:
        found &= Q(opened_at__lt=start_of_day(days.last + timedelta(days=1), wished.zone))
    return found


def _found(search: str) -> Q:
    """An id is that order; anything else a part of an address: the one that was typed, or the customer's of today."""
    try:
        return Q(pk=parse(CHECKOUT, search))
    except NotFound:
        return Q(email__icontains=search) | Q(customer__email__icontains=search)


def _row(row: Checkout) -> OrderRow:
    customer, plan = row.customer, row.link.plan
    return OrderRow(
        id=row.pk,
        state=CheckoutState(row.state),
        plan_id=plan.pk,
        plan=plan.name,
        quantity=row.quantity,
        customer_id=row.customer_id,
        subscription_id=row.subscription_id,
        name=customer.name if customer is not None else row.name,
        email=customer.email if customer is not None else row.email,
        is_proved=row.proved_at is not None,
        due=_due(row),
        address=row.address,
        agent=row.agent,
        opened_at=row.opened_at,
    )


def _due(row: Checkout) -> Money | None:
    amount, _, currency = row.agreed.get("due", "").partition(" ")
    return Money.parse(amount, currency) if currency else None
