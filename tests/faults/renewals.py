"""Renewals that are due, and an installation in which beat looks for them: it comes to rest or it does not."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import UUID

import time_machine
from django.db.models import Q

from billing.gateway.port import MethodFacts
from billing.methods.services import add_method
from billing.models import PaymentAttempt
from notifications.models import Message
from partnerpanel.celery import SWEEP_SECONDS
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.functions import due_partners
from partnerpanel.queues.tasks import drain_partner
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription
from tests.faults.gateways import Tried
from tests.faults.oracle import in_doubt
from tests.faults.size import PATIENCE, RENEWALS
from tests.world import World

# What a renewal goes through, in this order.
PATH = ("subscriptions", "charges", "outbox")
LOOKS_EVERY = max(SWEEP_SECONDS[queue] for queue in PATH)


def due_renewals(
    world: World,
    gateway: Tried,
    many: int = RENEWALS,
    *,
    days_ago: int = 32,
    others: Mapping[str, int] | None = None,
) -> dict[UUID, str]:
    """So many monthly subscriptions bought `days_ago`, whose second term is due, with their cards, which pay.

    `others` are cards that some of them have instead, and how many; an empty name is no card.
    """
    gateway.connect(world)
    world.now = system_now()
    past = World(world.partner, now=world.now - timedelta(days=days_ago))
    customers = past.customers(many)
    found = past.subscriptions(customers, started_at=past.now, with_service=False)
    cards = [card for card, times in (others or {}).items() for _ in range(times)]
    cards += [gateway.pays] * (many - len(cards))
    random.Random(many).shuffle(cards)
    facts = MethodFacts("Visa", "4242", 12, 2099)
    with tenant(world.id):
        for customer, card in zip(customers, cards, strict=True):
            if card:
                add_method(customer, gateway=gateway.name, ref=card, facts=facts, actor=world.system, now=past.now)
    world.drain("outbox", "mail")
    return dict(zip(found, cards, strict=True))


def comes_to_rest(world: World) -> float:
    """Beat looks every few seconds and workers follow it, until nothing is under way; the seconds that it took.

    Time that would be waited for is skipped and counted. Raises AssertionError where PATIENCE ends first.
    """
    begun = system_now()
    with time_machine.travel(begun, tick=True) as clock, patch.object(time, "sleep", clock.shift):
        while True:
            look(world)
            passed = (system_now() - begun).total_seconds()
            if not is_under_way(world, system_now()):
                return passed
            assert passed < PATIENCE, f"still under way after {passed:.0f} s: {_described(world)}"
            clock.shift(LOOKS_EVERY)


def look(world: World) -> None:
    """What beat and a worker do at one look."""
    for queue in PATH:
        if world.id in due_partners(queue, now=system_now()):
            drain_partner(queue, world.id, seconds=math.inf)


def is_under_way(world: World, now: datetime) -> bool:
    """Whether a charge has no outcome yet, or a step is due."""
    with tenant(world.id):
        steps = Subscription.objects.for_partner(world.id).filter(Q(due_at__lte=now), parked_at=None)
        return bool(in_doubt(world.id)) or steps.exists()


def attempts(world: World) -> int:
    with tenant(world.id):
        return PaymentAttempt.objects.for_partner(world.id).count()


def charged(world: World, gateway: Tried) -> int:
    return len(gateway.taken(world.id))


def _described(world: World) -> object:
    with tenant(world.id):
        rows = PaymentAttempt.objects.for_partner(world.id).filter(pk__in=in_doubt(world.id))
        return list(rows.values("status", "due_at", "leased_until", "attempts", "last_error")[:3])


def progress(world: World, gateway: Tried) -> int:
    """Grows by one with every intent, every charge and every message about one."""
    with tenant(world.id):
        messages = Message.objects.for_partner(world.id).filter(queued_at__gte=world.now).count()
    return attempts(world) + charged(world, gateway) + messages
