"""What is heard of a mail after it was handed over, or of its address: each once, however often it is told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from customers.rules.erasure import CustomerErased
from notifications.marketing.rules.reasons import Answer, Source, Suppressed
from notifications.marketing.rules.topics import Topic
from notifications.marketing.services.choices import say
from notifications.marketing.services.suppress import InvalidSuppression, suppress
from notifications.models import Message
from partnerpanel.tenancy.actor import Actor


class Heard(StrEnum):
    """`bounced`: the address takes no mail for good. `returned`: this mail was not taken, and others may be."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    RETURNED = "returned"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"


# The column in which it is kept when it was heard first.
COLUMNS = {
    Heard.DELIVERED: "delivered_at",
    Heard.BOUNCED: "bounced_at",
    Heard.RETURNED: "bounced_at",
    Heard.COMPLAINED: "complained_at",
    Heard.UNSUBSCRIBED: "unsubscribed_at",
}
LISTED = {
    Heard.BOUNCED: Suppressed.HARD_BOUNCE,
    Heard.COMPLAINED: Suppressed.COMPLAINT,
    Heard.UNSUBSCRIBED: Suppressed.UNSUBSCRIBED,
}


def heard(partner_id: UUID, message_id: UUID, what: Heard, *, detail: str = "", now: datetime) -> bool:
    """In the open scope; False for a mail of nobody. Its address goes onto the list where that is what it means, and
    whoever complains or unsubscribes refuses all of marketing."""
    rows = Message.objects.for_partner(partner_id).filter(pk=message_id)
    row = rows.first()
    if row is None:
        return False
    column, actor = COLUMNS[what], Actor.system(partner_id)
    rows.filter(**{column: None}).update(**{column: now})
    if what in (Heard.COMPLAINED, Heard.UNSUBSCRIBED):
        source = Source.COMPLAINT if what is Heard.COMPLAINED else Source.ONE_CLICK
        try:
            say(row.customer_id, dict.fromkeys(Topic, Answer.NO), source=source, actor=actor, now=now)
        except CustomerErased:
            return True
    if what in LISTED and row.to_address:
        try:
            suppress(row.to_address, LISTED[what], note=detail, actor=actor, now=now)
        except InvalidSuppression:
            return True
    return True
