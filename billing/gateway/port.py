"""The port to a payment gateway: charging with a fixed key, asking what became of a key, refunding.

One key is one charge for ever: asked again with the same parameters a gateway gives the same answer, and never charges
twice. Everything here is called outside any transaction and opens its own where it needs one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from billing.disputes.states import DisputeStatus
from billing.gateway.refusals import GatewayRefusal, checked_amount, checked_metadata, checked_text
from partnerpanel.kernel.money import Money


class ChargeStatus(StrEnum):
    """`action_required`: the customer must act first. `processing`: the gateway itself waits for an answer.

    `unknown`: nobody can say yet; it may have been charged. Ask again with the same key, or look it up.
    """

    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    ACTION_REQUIRED = "action_required"
    PROCESSING = "processing"
    UNKNOWN = "unknown"


class DeclineKind(StrEnum):
    """`soft`: the same method may work on another day. `hard`: it never will; ask for another."""

    SOFT = "soft"
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class Decline:
    """Why nothing was charged. `code` is the gateway's own, `message` its words for staff."""

    code: str
    kind: DeclineKind
    message: str


@dataclass(frozen=True, slots=True)
class ChargeRequest:
    """One charge. `method` and `customer` are the gateway's ids of them; `off_session`: the customer is not present.

    Raises InvalidRequest for an amount or a text that no gateway takes.
    """

    key: str
    amount: Money
    method: str
    customer: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    off_session: bool = True

    def __post_init__(self) -> None:
        checked_text(self.key, "key")
        checked_text(self.method, "method")
        checked_text(self.customer, "customer")
        checked_amount(self.amount)
        checked_metadata(self.metadata)


@dataclass(frozen=True, slots=True)
class DisputeNews:
    """What a gateway tells of a dispute of its charge. `said_at` is its own time: news may come in any order."""

    id: str
    charge: str
    status: DisputeStatus
    amount: Money
    opened_at: datetime
    said_at: datetime
    reason: str = ""
    evidence_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class ChargeAnswer:
    """What the gateway says of one key.

    `amount` and `metadata` are what it holds under the key (None and empty while it has said nothing): whoever settles
    compares them with what was asked. `refusal` says that the request itself was wrong and charged nothing; the status
    is then `declined` for a method that cannot be charged, and `unknown` for a key that stands for another charge.
    `dispute` is for a gateway that tells no news by itself.
    `again_in` says that the gateway took no more at once and has heard nothing of this one: it may be asked after that.
    """

    status: ChargeStatus
    gateway_id: str = ""
    decline: Decline | None = None
    action_url: str = ""
    amount: Money | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    refusal: GatewayRefusal | None = None
    dispute: DisputeNews | None = None
    again_in: timedelta | None = None


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """What may be shown of a payment method; the number itself never reaches us."""

    brand: str
    last4: str
    exp_month: int | None = None
    exp_year: int | None = None


# What a charge that was taken back is declined with, whatever the gateway calls it.
CANCELLED = "canceled"


class RefundStatus(StrEnum):
    """`pending`: accepted, on its way to the customer. `unknown`: as for charges."""

    SUCCEEDED = "succeeded"
    PENDING = "pending"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Gives `amount` of the charge with this `gateway_id` back. Raises InvalidRequest as a charge does."""

    key: str
    charge: str
    amount: Money
    metadata: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        checked_text(self.key, "key")
        checked_text(self.charge, "charge")
        checked_amount(self.amount)
        checked_metadata(self.metadata)


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    """What the gateway says of one refund's key."""

    status: RefundStatus
    gateway_id: str = ""
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class ListedCharge:
    """A charge as it stands in the gateway's journal: under which key, of whom, when, and how it went."""

    key: str
    at: datetime
    customer: str
    method: str
    answer: ChargeAnswer


@dataclass(frozen=True, slots=True)
class ChargePage:
    """Some of the journal, oldest first; `cursor` asks for what follows, and is empty at the end."""

    charges: Sequence[ListedCharge]
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class ListedRefund:
    """A refund as it stands in the gateway's journal; `charge` is the gateway's id of what it gave back."""

    key: str
    at: datetime
    charge: str
    answer: RefundAnswer


@dataclass(frozen=True, slots=True)
class RefundPage:
    """The same for refunds."""

    refunds: Sequence[ListedRefund]
    cursor: str = ""


class Gateway(Protocol):
    """A way to move money. Raises GatewayDown only when nobody could be asked at all; then nothing was charged."""

    name: str

    @property
    def charges_a_second(self) -> int | None:
        """How many charges of one partner begin in a second at most, over all workers; None where nothing limits it.
        The gateway sees to it itself; who asks takes no more at a time than fit."""

    def charge_many(self, partner_id: UUID, requests: Sequence[ChargeRequest]) -> list[ChargeAnswer]:
        """One answer for each request, in their order, asked at the same time where that pays.

        Never raises for a single request: one that breaks is `unknown`, one that is wrong carries its refusal.
        """

    def look_up(self, partner_id: UUID, keys: Collection[str]) -> dict[str, ChargeAnswer]:
        """What became of our keys, as found in the metadata of charges. A key that is absent charged nothing so far."""

    def cancel(self, partner_id: UUID, charge: str) -> ChargeAnswer:
        """Takes a charge that waits for the customer back, by the gateway's id; how it stands then.

        `declined` with the code CANCELLED is final: whatever the customer does, it takes no money any more. Where the
        customer was first it has `succeeded`; any other that waits for nobody stays as it is. Again is the same.
        Raises UnknownCharge; GatewayDown where nobody knows whether it was done, and then it may be asked again.
        """

    def describe_method(self, partner_id: UUID, method: str) -> MethodFacts:
        """Raises UnknownMethod."""

    def refund(self, partner_id: UUID, request: RefundRequest) -> RefundAnswer:
        """Raises OverRefund, UnknownCharge, KeyReused; then nothing was given back."""

    def look_up_refunds(self, partner_id: UUID, keys: Collection[str]) -> dict[str, RefundAnswer]:
        """What became of the keys of refunds; absent as for charges."""

    def list_charges(self, partner_id: UUID, *, since: datetime, cursor: str = "") -> ChargePage:
        """Every charge asked for at that instant or later, each on one page; those that come meanwhile last."""

    def list_refunds(self, partner_id: UUID, *, since: datetime, cursor: str = "") -> RefundPage:
        """The same for refunds."""


def charge(gateway: Gateway, partner_id: UUID, request: ChargeRequest) -> ChargeAnswer:
    """A single charge. Raises what the answer carries as its refusal: UnknownMethod, KeyReused."""
    [answer] = gateway.charge_many(partner_id, [request])
    if answer.refusal is not None:
        raise answer.refusal
    return answer
