"""The other direction of the port: a gateway that tells news by itself, by calls that anybody could make.

News only say where to look. What became of a charge or a refund is looked up as ever; of the rest a teller says how it
stands now. So it does not matter in which order news come, how often, or whether one is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from billing.gateway.port import DisputeNews, MethodFacts
from billing.gateway.refusals import GatewayRefusal


class Forged(GatewayRefusal):
    """Not from the gateway, or not for this partner: a wrong signature, an old one, or the other mode."""

    code = "webhook_refused"
    status = 400


class Topic(StrEnum):
    """What news are about, and so where to look. `none` is what nobody here has use for."""

    CHARGE = "charge"
    REFUND = "refund"
    REFUNDED_CHARGE = "refunded_charge"
    DISPUTE = "dispute"
    METHOD = "method"
    CARD = "card"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class News:
    """`id` is the gateway's of these news, `kind` its word for them, `about` the id of its object.

    `key` is ours of the charge or refund that they are about, where the gateway says so; empty for what is not ours.
    """

    id: str
    kind: str
    topic: Topic
    about: str
    key: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class DisputedCharge:
    """A dispute as it stands now, and our key of the charge that it is about."""

    key: str
    news: DisputeNews


class Teller(Protocol):
    """A gateway that tells news."""

    name: str

    def heard(self, partner_id: UUID, body: bytes, headers: Mapping[str, str]) -> News:
        """What the call says, once the headers prove it to be the gateway's. In the open scope. Raises Forged."""

    def dispute(self, partner_id: UUID, about: str) -> DisputedCharge | None:
        """As it stands now; None for one of a charge that is not this partner's. Raises GatewayDown."""

    def disputes_since(self, partner_id: UUID, since: datetime) -> Sequence[DisputedCharge]:
        """Those that were opened at that instant or later, as they stand now. Raises GatewayDown."""

    def method(self, partner_id: UUID, about: str) -> MethodFacts | None:
        """As it is now; None for one that can be charged no more. Raises GatewayDown."""
