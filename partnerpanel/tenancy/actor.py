"""Who does something: a person, an integration, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from partnerpanel.tenancy.models import Role


class ActorKind(StrEnum):
    USER = "user"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Acts for one partner. `role` decides what it may do; the system may do what its own rules say."""

    kind: ActorKind
    partner_id: UUID
    id: UUID | None = None
    role: Role | None = None
    request_id: str = ""

    @classmethod
    def system(cls, partner_id: UUID) -> Actor:
        """The product itself, doing what is due."""
        return cls(ActorKind.SYSTEM, partner_id)
