"""One customer's messages go out in the order of what they tell: nobody reads “active again” before “suspended”."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F

from notifications.models import Message
from notifications.rules.states import MessageState
from partnerpanel.tenancy.bulk import update_rows
from partnerpanel.tenancy.reads import Read


def in_turn(partner_id: UUID, leased: Sequence[Message], now: datetime) -> tuple[list[Message], int]:
    """Of messages just leased in the open scope, those with no unsettled one before them, and how many wait longer.

    A message behind another is put back; where that one is due later, it is due no sooner. One query finds them all: a
    subquery in the lease would compare every waiting message with every other. Marketing keeps nobody waiting, and
    waits for nothing.
    """
    free, leased = [row for row in leased if row.topic], [row for row in leased if not row.topic]
    first = _unsettled(partner_id, {row.customer_id for row in leased})
    behind = [row for row in leased if first[row.customer_id][0] < row.event_id]
    untried(behind)
    later = [(row.pk, due_at) for row in behind if (due_at := first[row.customer_id][1]) and due_at > now]
    update_rows(Message, partner_id=partner_id, columns=["due_at"], rows=later)
    waiting = {row.pk for row in behind}
    return [*(row for row in leased if row.pk not in waiting), *free], len(later)


def untried(rows: Sequence[Message]) -> None:
    """Gives leased messages back in the open scope, so that the lease counts as no attempt."""
    for row in rows:
        mine = Message.objects.for_partner(row.partner_id).filter(pk=row.pk, attempts=row.attempts)
        mine.filter(state=MessageState.QUEUED).update(leased_until=None, attempts=F("attempts") - 1)


def _unsettled(partner_id: UUID, customer_ids: set[UUID]) -> dict[UUID, tuple[UUID, datetime | None]]:
    """By customer, the event of the oldest message that is not settled, and when that is due."""
    return {customer: (event, due_at) for customer, event, due_at in _UNSETTLED(partner_id, customer_ids)}


_UNSETTLED = Read(
    lambda partner_id, customer_ids: (
        Message.objects.for_partner(partner_id)
        .filter(customer__among=customer_ids, topic="", state__in=[MessageState.QUEUED, MessageState.SENDING])
        .order_by("-event")
        .values_list("customer", "event", "due_at")
    )
)
