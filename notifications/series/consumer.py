"""Hears of what begins a series, and writes its steps as rows that wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from notifications.series.models import SeriesStep
from notifications.series.rules.steps import BEGUN_BY, Series, due_of_welcome, due_of_winback
from partnerpanel.events.consumers import Consumer, Foreseen
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event
from partnerpanel.kernel.ids import uuid7
from partnerpanel.policy.queries import Target, resolve
from partnerpanel.policy.rules.policy import LifecyclePolicy
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.bulk import insert_rows
from subscriptions.queries.standings import StandingLine, standings_of

NAME, QUEUE = "series", "series"
COLUMNS = ("id", "event", "customer", "subscription", "series", "step", "due_at")


def handle(events: Sequence[Event], _now: datetime) -> None:
    """A second delivery of an event changes nothing: a step is there once for each event."""
    partner_id = events[0].partner_id
    found = standings_of(partner_id, {event.object_id for event in events})
    told = [(event, found[event.object_id]) for event in events if event.object_id in found]
    policies = resolve(partner_id, [Target(line.plan_id, line.customer_id, line.id) for _event, line in told])
    rows = [
        (uuid7(), event.pk, line.customer_id, line.id, BEGUN_BY[event.kind].value, step, due_at)
        for (event, line), resolved in zip(told, policies, strict=True)
        for step, due_at in _steps(event, line, resolved.policy)
    ]
    if insert_rows(SeriesStep, partner_id=partner_id, columns=COLUMNS, rows=rows, ignore_conflicts=True):
        wake(QUEUE, partner_id)


def _steps(event: Event, line: StandingLine, policy: LifecyclePolicy) -> Iterator[tuple[int, datetime]]:
    if BEGUN_BY[event.kind] is Series.WELCOME:
        yield from enumerate(due_of_welcome(policy, begun_at=event.occurred_at, zone=line.timezone))
    elif "on" in event.data:
        ends_on = date.fromisoformat(event.data["on"])
        yield 0, due_of_winback(policy, cancelled_at=event.occurred_at, ends_on=ends_on, zone=line.timezone)


def foresee(_drafts: Sequence[EventDraft]) -> list[Foreseen]:
    """What goes out on later days is no part of what happens now."""
    return []


CONSUMER = Consumer(name=NAME, kinds=frozenset(BEGUN_BY), handle=handle, foresee=foresee)
