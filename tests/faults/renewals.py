"""Renewals that are due, for tests that break things while they run."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from billing.gateway.port import MethodFacts
from billing.methods.services import add_method
from billing.models import PaymentAttempt
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.registry import queue_named
from partnerpanel.tenancy.scope import tenant
from tests.world import World

RENEWALS = 200
MONEY = ("subscriptions", "charges")


def due_renewals(world: World, many: int = RENEWALS, *, card: str = "sandbox_ok") -> list[UUID]:
    """So many subscriptions whose first term is over, each with a card; term number 2 is due."""
    world.now = system_now()
    past = World(world.partner, now=world.now - timedelta(days=32))
    customers = past.customers(many)
    found = past.subscriptions(customers, started_at=past.now, with_service=False)
    facts = MethodFacts("Visa", "4242", 12, 2099)
    with tenant(world.id):
        for customer in customers:
            add_method(customer, gateway="sandbox", ref=card, facts=facts, actor=world.system, now=past.now)
    world.drain("outbox", "mail")
    return found


def drain_money(world: World) -> None:
    """Works until nothing is due, looking again at what comes due within the next minutes."""
    now = world.now
    for _ in range(40):
        while sum(queue_named(name).drain(world.id, now) for name in MONEY):
            pass
        if not waiting(world):
            return
        now += timedelta(minutes=2)


def waiting(world: World) -> int:
    """Attempts without an outcome."""
    with tenant(world.id):
        return PaymentAttempt.objects.exclude(status__in=["succeeded", "declined"]).count()


def let_leases_run_out(world: World, *, at: datetime | None = None) -> None:
    """As if the time of every lease had passed."""
    with tenant(world.id):
        rows = PaymentAttempt.objects.filter(leased_until__isnull=False)
        rows.update(leased_until=at or world.now - timedelta(days=1))
