"""Hears of what may begin or end a customer's last days here, and has the case looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from partnerpanel.events.consumers import Consumer, Foreseen
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event
from partnerpanel.queues.wake import wake
from partnerpanel.retention.models import RetentionCase
from partnerpanel.retention.queries.clocks import clocks_of
from partnerpanel.tenancy.bulk import insert_rows

NAME = "retention"
KINDS = frozenset(
    {
        "subscription.ended",
        "subscription.suspended",
        "subscription.reactivated",
        "subscription.restored",
        "subscription.restart_asked",
        "subscription.restarted",
        "subscription.restart_dropped",
        "subscription.created",
        "subscription.dates_put_back",
        "customer.suspended",
        "customer.reactivated",
        "customer.banned",
        "customer.ban_lifted",
        "policy.changed",
    }
)


def handle(events: Sequence[Event], now: datetime) -> None:
    """Opens a case for whom a clock runs, and has open ones looked at now; how things stand is read, not told.

    A policy that changed is looked at by all open cases.
    """
    partner_id = events[0].partner_id
    concerned = {event.customer_id for event in events if event.customer_id}
    running = clocks_of(partner_id, concerned) if concerned else {}
    rows = [(id_, now, now) for id_ in sorted(running)]
    columns = ("customer", "opened_at", "due_at")
    opened = insert_rows(RetentionCase, partner_id=partner_id, columns=columns, rows=rows, ignore_conflicts=True)
    cases = RetentionCase.objects.for_partner(partner_id).filter(closed_at=None)
    if not any(event.kind == "policy.changed" for event in events):
        cases = cases.filter(customer__in=concerned)
    if opened or cases.update(due_at=now):
        wake(NAME, partner_id)


def foresee(_drafts: Sequence[EventDraft]) -> list[Foreseen]:
    """Nothing that a customer sees comes of it on that day."""
    return []


CONSUMER = Consumer(name=NAME, kinds=KINDS, handle=handle, foresee=foresee)
