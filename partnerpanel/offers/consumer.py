"""Hears how a return ended, and settles the offer that was made with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from partnerpanel.events.consumers import Consumer, Foreseen
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event
from partnerpanel.offers.rules.offers import Moment, Outcome
from partnerpanel.offers.services.making import settle_open
from partnerpanel.tenancy.actor import Actor

NAME = "offers"
OUTCOMES: Mapping[str, tuple[Moment, Outcome]] = {
    "subscription.restarted": (Moment.AFTER_END, Outcome.TAKEN),
    "subscription.restart_dropped": (Moment.AFTER_END, Outcome.DECLINED),
}


def handle(events: Sequence[Event], now: datetime) -> None:
    """An offer is settled once, so a repeat changes nothing."""
    for event in events:
        moment, outcome = OUTCOMES[event.kind]
        settle_open(event.object_id, moment, outcome, actor=Actor.system(event.partner_id), now=now)


def foresee(_drafts: Sequence[EventDraft]) -> list[Foreseen]:
    """What was offered is part of what was shown already."""
    return []


CONSUMER = Consumer(name=NAME, kinds=frozenset(OUTCOMES), handle=handle, foresee=foresee)
