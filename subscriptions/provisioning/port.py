"""The port to a partner's service. An adapter makes accounts be what they should be; repeating it changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from subscriptions.rules.service_states import ServiceState, ServiceTerms


@dataclass(frozen=True, slots=True)
class Wanted:
    """One account as it should be. `key` is the same in every try; the password is the one to set.

    `terms` None leaves what the account may use as it is.
    """

    key: UUID
    username: str
    password: str = field(repr=False)  # no log or traceback shows it
    state: ServiceState
    terms: ServiceTerms | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What became of it; `error` is empty when the account is as wanted."""

    key: UUID
    error: str = ""


class ServiceAdapter(Protocol):
    """Called outside any transaction. Never raises for a single account: its `Made` says what went wrong."""

    def ensure(self, partner_id: UUID, wanted: Sequence[Wanted]) -> list[Made]: ...
