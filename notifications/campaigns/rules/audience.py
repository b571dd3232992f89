"""To whom a campaign goes: customers chosen by hand, or all that a filter of their list matches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self
from uuid import UUID

from partnerpanel.kernel.errors import DomainError

TITLE_LENGTH = 80
MOST_BY_HAND = 10_000
MOST = 100_000


class InvalidAudience(DomainError):
    """Nobody, or too many."""

    code = "invalid_audience"


@dataclass(frozen=True, slots=True)
class Audience:
    """`customers` chosen by hand; without any, all that the other parts match together. Days are as in 2026-01-31."""

    customers: tuple[UUID, ...] = ()
    tab: str = "all"
    search: str = ""
    country: str = ""
    tag: str = ""
    plan: str = ""
    since: str = ""
    until: str = ""

    @property
    def is_by_hand(self) -> bool:
        return bool(self.customers)

    def document(self) -> dict[str, Any]:
        """As JSON; what is not asked for is left out."""
        written = asdict(self) | {"customers": [str(id_) for id_ in self.customers]}
        return {name: value for name, value in written.items() if value and value != getattr(_EVERYBODY, name)}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in document.items() if name in known}
        return cls(**values | {"customers": tuple(UUID(id_) for id_ in document.get("customers", ()))})


_EVERYBODY = Audience()
