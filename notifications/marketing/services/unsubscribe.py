"""Unsubscribing by the link of a mail: whoever has the mail may, once or ten times."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from customers.queries.facts import identities
from customers.rules.erasure import CustomerErased
from notifications.marketing.rules.reasons import Answer, Source, Suppressed
from notifications.marketing.rules.topics import Topic
from notifications.marketing.services.choices import say
from notifications.marketing.services.suppress import suppress
from notifications.models import Message
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.actor import Actor


def unsubscribe(message_id: UUID, topics: Collection[Topic], *, source: Source, now: datetime, actor: Actor) -> None:
    """Refuses the topics for the mail's customer; of all of them, its address goes onto the list, too.

    The address is the one that the mail went to: it may have been changed since. Raises NotFound.
    """
    partner_id = actor.partner_id
    row = Message.objects.for_partner(partner_id).filter(pk=message_id).exclude(topic="").first()
    if row is None:
        raise NotFound("There is no such mail.")
    try:
        say(row.customer_id, dict.fromkeys(topics, Answer.NO), source=source, actor=actor, now=now)
    except CustomerErased:
        return
    if set(topics) == set(Topic):
        now_at = identities(partner_id, [row.customer_id])[row.customer_id].email
        for address in {row.to_address, now_at} - {""}:
            suppress(address, Suppressed.UNSUBSCRIBED, actor=actor, now=now)
    Message.objects.for_partner(partner_id).filter(pk=row.pk, unsubscribed_at=None).update(unsubscribed_at=now)
