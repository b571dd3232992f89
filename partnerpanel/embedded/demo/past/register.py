"""Who is who while a past is lived: lives by their numbers, customers and subscriptions by their ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from partnerpanel.embedded.demo.office import Office
from partnerpanel.embedded.demo.past.lives import Life
from partnerpanel.embedded.demo.shapes import PlanIdea
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.terms import Contract, contracts


@dataclass(slots=True)
class Register:
    """`plans` are ids by name. A life's subscription is its newest; `numbers` says whose a subscription is."""

    office: Office
    ideas: Mapping[str, PlanIdea]
    plans: Mapping[str, UUID]
    lives: Mapping[int, Life]
    customers: dict[int, UUID] = field(default_factory=dict)
    subscriptions: dict[int, UUID] = field(default_factory=dict)
    numbers: dict[UUID, int] = field(default_factory=dict)

    @property
    def partner_id(self) -> UUID:
        partner_id: UUID = self.office.partner.pk
        return partner_id

    def sold(self, number: int, subscription_id: UUID) -> None:
        self.subscriptions[number] = subscription_id
        self.numbers[subscription_id] = number

    def contract(self, number: int, at: datetime) -> Contract:
        """The life's subscription as it stands."""
        subscription_id = self.subscriptions[number]
        with tenant(self.partner_id):
            return contracts(self.partner_id, [subscription_id], now=at)[subscription_id]
