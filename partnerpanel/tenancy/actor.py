"""Who does something: a person of the partner, a program with a key, one of its customers, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from partnerpanel.tenancy.models import Role


class ActorKind(StrEnum):
    USER = "user"
    KEY = "key"
    SYSTEM = "system"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Actor:
    """Acts in one partner's scope. `role` decides what it may do; the system may do what its own rules say.

    A program acts with a key, whose `id` it is; `permissions` are what the key's scopes come to.

    A customer acts in the scope of who sells to it, for the row `customer_id` and no other: in the portal by a log-in,
    whose `id` it is, with the `permissions` that this is meant for. One that is a partner itself acts through a person,
    whose `id` it is; `role` is the one that the person has at home.
    """

    kind: ActorKind
    partner_id: UUID
    id: UUID | None = None
    role: Role | None = None
    request_id: str = ""
    customer_id: UUID | None = None
    permissions: frozenset[str] = frozenset()

    @classmethod
    def system(cls, partner_id: UUID) -> Actor:
        """The product itself, doing what is due."""
        return cls(ActorKind.SYSTEM, partner_id)
