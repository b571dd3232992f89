"""Hears of what people want to be told of at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from partnerpanel.alerts.rules import TOLD_BY
from partnerpanel.alerts.services import note
from partnerpanel.events.consumers import Consumer, Foreseen
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.queries import colleagues_of, mails_nobody, partner_by_id

NAME = "alerts"


def handle(events: Sequence[Event], _now: datetime) -> None:
    """A second delivery of an event changes nothing. Rounds go by the system's clock; a test mode has none."""
    if mails_nobody(events[0].partner_id):
        return
    partner = partner_by_id(events[0].partner_id)
    people = colleagues_of(partner)
    if people:
        note(partner, people, [(event.pk, TOLD_BY[event.kind]) for event in events], now=system_now())


def foresee(_drafts: Sequence[EventDraft]) -> list[Foreseen]:
    """Colleagues are no part of what an action does to a customer."""
    return []


CONSUMER = Consumer(name=NAME, kinds=frozenset(TOLD_BY), handle=handle, foresee=foresee)
