"""A partner while its demo data is written: who acts, on which day, and the work that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from partnerpanel.embedded.demo.days import Days
from partnerpanel.queues.registry import all_queues, queue_named
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.models import Partner, Role


@dataclass(frozen=True, slots=True)
class Office:
    """`actors` are the colleagues by role, the first of each."""

    partner: Partner
    days: Days
    actors: Mapping[Role, Actor]

    @property
    def system(self) -> Actor:
        return Actor.system(self.partner.pk)

    def settle(self, at: datetime) -> None:
        """Does what is due at that past instant, as the workers would have: events, accounts, events of those, mail."""
        for name in ("outbox", "provisioning", "outbox", "mail"):
            queue_named(name).drain(self.partner.pk, at)

    def bill(self, at: datetime) -> None:
        """Takes every step of the billing engine that is due at that past instant, and charges what it asks for."""
        while sum(queue_named(name).drain(self.partner.pk, at) for name in ("subscriptions", "charges")):
            pass  # an answer may make the next step due
        self.settle(at)

    def finish(self, now: datetime) -> None:
        """Works until nothing is due any more in any queue."""
        while sum(queue.drain(self.partner.pk, now) for queue in all_queues()):
            pass  # what one queue did may be work for another
