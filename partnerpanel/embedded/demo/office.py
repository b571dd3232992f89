"""A partner while its demo data is written: who acts, on which day, and the work that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from partnerpanel.embedded.demo.days import Days
from partnerpanel.queues.registry import all_queues
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
        """Does what is due at that past instant, as the workers would have: events, accounts, mail."""
        while sum(queue.drain(self.partner.pk, at) for queue in all_queues()):
            pass  # what one queue did may be work for another

    def settle_after(self, at: datetime) -> None:
        """The same a minute later."""
        self.settle(at + timedelta(minutes=1))
