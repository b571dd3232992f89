"""The dated story of a whole test mode, customer beside customer, page by page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing.queries.amounts import Amount, amounts_by_id
from customers.queries.facts import identities
from notifications.queries import MessageLine, messages_about
from partnerpanel.events import queries as events
from partnerpanel.kernel.clock import system_now
from partnerpanel.story.runs import Run


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to a customer: the event, the document that it is about, and the mails it caused."""

    event: events.Entry
    customer: str
    amount: Amount | None
    mails: tuple[MessageLine, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """One page of a story, in order. `next` asks for what comes after it."""

    happenings: tuple[Happening, ...]
    next: UUID | None


def telling_of(run: Run, *, partner_id: UUID, after: UUID | None = None, limit: int) -> Telling:
    """What a move of the clock brought, in the open scope: nothing that was done while it stood."""
    recorded = (run.started_at, run.finished_at or system_now())
    found = events.happened(partner_id, run.from_at, recorded=recorded, after=after, limit=limit + 1)
    return _told(partner_id, found, limit)


def telling(
    partner_id: UUID, since: datetime, *, customer_id: UUID | None = None, after: UUID | None = None, limit: int
) -> Telling:
    """What happened from `since` on, in the open scope; to everybody, or to one customer."""
    found = events.happened(partner_id, since, customer_id=customer_id, after=after, limit=limit + 1)
    return _told(partner_id, found, limit)


def _told(partner_id: UUID, found: list[events.Entry], limit: int) -> Telling:
    """So many of what was found; one more says that there are more."""
    shown = found[:limit]
    names = identities(partner_id, {one.customer_id for one in shown if one.customer_id})
    amounts = amounts_by_id(partner_id, {one.object_id for one in shown})
    mails: defaultdict[UUID, list[MessageLine]] = defaultdict(list)
    for line in messages_about(partner_id, [one.id for one in shown]):
        mails[line.event_id].append(line)
    happenings = tuple(
        Happening(
            one,
            names[one.customer_id].name if one.customer_id in names else "",
            amounts.get(one.object_id),
            tuple(mails[one.id]),
        )
        for one in shown
    )
    return Telling(happenings, shown[-1].id if len(found) > limit else None)
