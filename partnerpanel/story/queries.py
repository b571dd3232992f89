"""The dated story of a subscription."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from billing.queries.amounts import Amount, amounts_of
from notifications.queries import messages_of
from partnerpanel.events import queries as events
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.money import Money
from subscriptions.queries.facts import customers_of

MOST_MAILS = 10_000


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """One thing that happened. `kind` and `data` are the event's; `document` is the invoice that it is about.

    `mails` are the names of the mails that it caused.
    """

    at: datetime
    kind: str
    money: Money | None = None
    document: str = ""
    how: str = ""
    mails: tuple[str, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)


def story_of(partner_id: UUID, subscription_id: UUID, since: datetime) -> list[StoryEntry]:
    """What happened to the subscription, its invoices, its payments and its customer since then, in order.

    In the open scope. Raises NotFound alike for an id that never existed and for another partner's.
    """
    customer_id = customers_of(partner_id, [subscription_id]).get(subscription_id)
    if customer_id is None:
        raise NotFound("There is no such subscription.", field="subscription")
    amounts = amounts_of(partner_id, subscription_id)
    mails = _mails(partner_id, customer_id)
    about = {subscription_id, customer_id} | set(amounts)
    return [
        _entry(one, amounts.get(one.object_id), tuple(mails[one.id]))
        for one in events.since(partner_id, customer_id, since)
        if one.object_id in about or one.object_type == "payment_method"
    ]


def _entry(one: events.Entry, amount: Amount | None, mails: tuple[str, ...]) -> StoryEntry:
    label, money, how = (amount.label, amount.money, amount.how) if amount else ("", None, "")
    return StoryEntry(one.occurred_at, one.kind, money, label, how, mails, one.data)


def _mails(partner_id: UUID, customer_id: UUID) -> defaultdict[UUID, list[str]]:
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    for line in messages_of(partner_id, customer_id, limit=MOST_MAILS):
        found[line.event_id].append(line.subject or line.label)
    return found
