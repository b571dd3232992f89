"""Hears of what begins and stops a partner's series, and writes their mails as rows that wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from customers.queries.facts import identities
from notifications.own_series.models import OwnSeries, OwnSeriesMail
from notifications.own_series.rules import ALWAYS_STOPPED_BY, HEARD, SeriesDraft, SeriesMail, due_of
from notifications.series.rules.steps import Outcome
from partnerpanel.events.consumers import Consumer, Foreseen
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.bulk import insert_rows
from partnerpanel.tenancy.reads import Read
from subscriptions.queries.standings import standings_of

NAME = QUEUE = "own_series"
COLUMNS = ("id", "series", "event", "customer", "subscription", "position", "template", "due_at")


def handle(events: Sequence[Event], now: datetime) -> None:
    """A second delivery of an event changes nothing: a mail is there once for each event, and stopping it again leaves
    it stopped."""
    partner_id = events[0].partner_id
    rows = list(OwnSeries.objects.for_partner(partner_id))
    if not rows:
        return
    series = {row.pk: (row.is_on, SeriesDraft.read(row)) for row in rows}
    for event in events:
        if event.customer_id:
            _stop(event, series, now)
    begun = [event for event in events if any(on and draft.begun_by == event.kind for on, draft in series.values())]
    if not begun:
        return
    found = standings_of(partner_id, {event.object_id for event in begun})
    people = identities(partner_id, {event.customer_id for event in begun if event.customer_id})
    mails = [
        (uuid7(), series_id, event.pk, event.customer_id, line.id if line else None, number, one.template, due_at)
        for event in begun
        for series_id, (on, draft) in series.items()
        if on and draft.begun_by == event.kind and event.customer_id in people
        for line in [found.get(event.object_id)]
        if not draft.plans or (line is not None and line.plan_id in draft.plans)
        for zone in [line.timezone if line else people[event.customer_id].timezone]
        for number, (one, due_at) in enumerate(_due(draft, event, zone))
    ]
    if insert_rows(OwnSeriesMail, partner_id=partner_id, columns=COLUMNS, rows=mails, ignore_conflicts=True):
        wake(QUEUE, partner_id)


def _due(draft: SeriesDraft, event: Event, zone: str) -> Iterator[tuple[SeriesMail, datetime]]:
    for one in draft.mails:
        yield one, due_of(one.days, begun_at=event.occurred_at, zone=zone)


def _stop(event: Event, series: Mapping[UUID, tuple[bool, SeriesDraft]], now: datetime) -> None:
    """What waits for the customer since an earlier event."""
    ends = [
        id_ for id_, (_on, draft) in series.items() if event.kind in ALWAYS_STOPPED_BY or event.kind in draft.stopped_by
    ]
    if ends:
        rows = OwnSeriesMail.objects.for_partner(event.partner_id).filter(customer=event.customer_id, series__in=ends)
        waiting = rows.filter(outcome=Outcome.WAITING, event__occurred_at__lte=event.occurred_at)
        waiting.update(outcome=Outcome.STOPPED, settled_at=now, due_at=None)


def foresee(_drafts: Sequence[EventDraft]) -> list[Foreseen]:
    """What goes out on later days is no part of what happens now."""
    return []


def has_series(partner_id: UUID) -> bool:
    """Whether the partner made any; in the open scope."""
    return bool(_SERIES(partner_id))


_SERIES = Read(lambda partner_id: OwnSeries.objects.for_partner(partner_id).values_list("pk")[:1])
CONSUMER = Consumer(name=NAME, kinds=HEARD, handle=handle, foresee=foresee, only_of=has_series)
