"""Sees orders to their end when nobody looks: cards that were entered and not come back with, and what has expired."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from billing.gateway.questions import set_aside
from billing.gateway.refusals import GatewayDown
from partnerpanel.actions.checkout.models import Checkout
from partnerpanel.actions.checkout.settle import settle
from partnerpanel.actions.checkout.states import IN_HAND, CheckoutState
from partnerpanel.actions.checkout.welcome import welcome
from partnerpanel.events.consumers import Consumer, Foreseen
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event
from partnerpanel.queues.purging import Purge
from partnerpanel.queues.rows import Batch
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.rows import TenantQuerySet
from partnerpanel.tenancy.scope import tenant

log = structlog.get_logger(__name__)

QUEUE = "checkouts"
LEASE_SECONDS = 60
DOWN_FOR = timedelta(minutes=2)
_DUE = Batch(lambda: Checkout.objects.filter(state__in=[state.value for state in IN_HAND]), limit=20)
# What brings an order on: its card is there, or its first payment has come, or never will.
SET_UP = "subscription.provisioned"
MOVING = frozenset({"payment_method.added", "subscription.started", "subscription.ended", SET_UP})


def drain_checkouts(partner_id: UUID, now: datetime) -> int:
    """Works through one batch; returns how many it took. Opens scopes of its own."""
    with tenant(partner_id):
        rows = _DUE.lease(partner_id, now, seconds=LEASE_SECONDS)
    for row in rows:
        _work(partner_id, row, now)
    return len(rows)


def _work(partner_id: UUID, row: Checkout, now: datetime) -> None:
    try:
        settle(partner_id, row.pk, now=now)
    except GatewayDown:
        with tenant(partner_id):
            mine = Checkout.objects.for_partner(partner_id).filter(pk=row.pk)
            mine.update(due_at=now + DOWN_FOR, leased_until=None, attempts=row.attempts - 1)
    except Exception as error:
        log.exception("checkout_not_settled", partner_id=str(partner_id), checkout_id=str(row.pk))
        with tenant(partner_id):
            set_aside(Checkout.objects.for_partner(partner_id).filter(pk=row.pk), error=error, now=now)


def handle(events: Sequence[Event], now: datetime) -> None:
    """Orders of these customers that wait are looked at at once; whose service is set up is mailed the way to it."""
    partner_id, customers = events[0].partner_id, {event.customer_id for event in events if event.customer_id}
    welcome(partner_id, {event.object_id for event in events if event.kind == SET_UP}, now=now)
    waiting = Checkout.objects.for_partner(partner_id).filter(customer__in=customers, state=CheckoutState.PAYING)
    if waiting.update(due_at=now):
        wake(QUEUE, partner_id)


def foresee(_drafts: Sequence[EventDraft]) -> list[Foreseen]:
    """Nothing that the buyer has not been shown."""
    return []


def _old(rows: TenantQuerySet[Checkout], before: datetime) -> TenantQuerySet[Checkout]:
    ended: Collection[str] = [CheckoutState.EXPIRED.value, CheckoutState.ABANDONED.value]
    return rows.filter(state__in=ended, ended_at__lt=before).order_by("ended_at", "pk")


CONSUMER = Consumer(name=QUEUE, kinds=MOVING, handle=handle, foresee=foresee)
# Long enough to see who tries again and again, and no longer, since most of them are nobody's customers.
OLD_CHECKOUTS = Purge(name=QUEUE, model=Checkout, kept_for=timedelta(days=30), old=_old)
