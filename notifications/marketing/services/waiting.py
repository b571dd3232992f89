"""Marketing that waits to be sent when its customer refuses it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from notifications.marketing.rules.reasons import LeftOut
from notifications.marketing.rules.topics import Topic
from notifications.models import Message
from notifications.rules.states import MessageState


def leave_out(
    partner_id: UUID, customer_id: UUID, topics: Collection[Topic], *, because: LeftOut, now: datetime
) -> int:
    """What no worker has claimed yet is not sent; returns how many."""
    rows = Message.objects.for_partner(partner_id).filter(
        customer=customer_id,
        topic__in=[topic.value for topic in topics],
        state__in=[MessageState.QUEUED, MessageState.HELD],
    )
    return rows.update(
        state=MessageState.LEFT_OUT,
        left_out_because=because.value,
        settled_at=now,
        due_at=None,
        leased_until=None,
    )
