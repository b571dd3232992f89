"""Hears how a return or a change ended, and settles the offer that was made with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from partnerpanel.events.consumers import Consumer, Foreseen
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event
from partnerpanel.offers.rules.offers import Moment, Outcome
from partnerpanel.offers.services.making import settle_open, settle_upgrade
from partnerpanel.tenancy.actor import Actor

NAME = "offers"
OUTCOMES: Mapping[str, tuple[Moment, Outcome]] = {
    "subscription.restarted": (Moment.AFTER_END, Outcome.TAKEN),
    "subscription.restart_dropped": (Moment.AFTER_END, Outcome.DECLINED),
}

CHANGES = frozenset(
    {
        "subscription.plan_changed",
        "subscription.rolled_back",
        "subscription.change_failed",
        "subscription.change_dropped",
    }
)


def handle(events: Sequence[Event], now: datetime) -> None:
    """An offer is settled once, so a repeat changes nothing."""
    for event in events:
        actor = Actor.system(event.partner_id)
        if event.kind in CHANGES:
            settle_upgrade(event.object_id, actor=actor, now=now)
        else:
            settle_open(event.object_id, *OUTCOMES[event.kind], actor=actor, now=now)


def foresee(_drafts: Sequence[EventDraft]) -> list[Foreseen]:
    """What was offered is part of what was shown already."""
    return []


CONSUMER = Consumer(name=NAME, kinds=CHANGES | frozenset(OUTCOMES), handle=handle, foresee=foresee)
