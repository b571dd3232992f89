"""What a charge in a gateway's journal means for the books. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from billing.charging.states import OPEN, AttemptStatus
from billing.gateway.port import ChargeStatus, ListedCharge
from partnerpanel.kernel.money import Money


class Verdict(StrEnum):
    """`settle`: the books wait for this answer. `recreate`: they have forgotten the question. `ours_not`: nobody here
    asked for it."""

    AGREES = "agrees"
    SETTLE = "settle"
    RECREATE = "recreate"
    DIFFERS = "differs"
    OURS_NOT = "ours_not"


class Difference(StrEnum):
    """`unbooked`: money was taken that the books do not have. `untaken`: they have money that was not taken.
    `refunded`: money went back that they still have."""

    UNBOOKED = "unbooked"
    UNTAKEN = "untaken"
    AMOUNT = "amount"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class BookedAttempt:
    """An attempt as it stands here."""

    status: AttemptStatus
    money: Money


@dataclass(frozen=True, slots=True)
class Traces:
    """What a charge of ours carries in its metadata: enough to ask for the same once more."""

    attempt: UUID
    invoice: UUID
    subscription: UUID
    term: int
    kind: str
    purpose: str


MOVES_MONEY = frozenset({ChargeStatus.SUCCEEDED, ChargeStatus.PROCESSING, ChargeStatus.ACTION_REQUIRED})


def verdict(listed: ListedCharge, here: BookedAttempt | None) -> tuple[Verdict, Difference | None]:
    """What is to be done; the difference where that needs a person."""
    answer = listed.answer
    if "attempt" not in answer.metadata:
        return Verdict.OURS_NOT, None
    if here is None:
        return (Verdict.RECREATE if answer.status in MOVES_MONEY else Verdict.AGREES), None
    if here.status in OPEN:
        return Verdict.SETTLE, None
    taken, booked = answer.status is ChargeStatus.SUCCEEDED, here.status is AttemptStatus.SUCCEEDED
    if taken and not booked:
        return Verdict.DIFFERS, Difference.UNBOOKED
    if booked and not taken:
        return Verdict.DIFFERS, Difference.UNTAKEN
    if taken and answer.amount != here.money:
        return Verdict.DIFFERS, Difference.AMOUNT
    return Verdict.AGREES, None


def traces_of(listed: ListedCharge) -> Traces | None:
    """None where the metadata says too little, or is not for the key it stands under."""
    said = listed.answer.metadata
    try:
        found = Traces(
            UUID(said["attempt"]),
            UUID(said["invoice"]),
            UUID(said["subscription"]),
            int(said["term"]),
            said["kind"],
            said["purpose"],
        )
    except (KeyError, ValueError):
        return None
    return found if listed.key == str(found.attempt) else None
