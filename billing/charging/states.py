"""Where an attempt to charge stands."""

from __future__ import annotations

from enum import StrEnum


class AttemptStatus(StrEnum):
    """`intent` is committed before the gateway is asked; `unknown` means that it was asked and has not answered."""

    INTENT = "intent"
    PROCESSING = "processing"
    ACTION_REQUIRED = "action_required"
    UNKNOWN = "unknown"
    SUCCEEDED = "succeeded"
    DECLINED = "declined"


class Purpose(StrEnum):
    """Why the customer is charged. Only a person's wish moves dates in grace; the schedule's does not."""

    RENEWAL = "renewal"
    RETRY = "retry"
    NEW_CARD = "new_card"
    ASKED = "asked"


OPEN = (
    AttemptStatus.INTENT,
    AttemptStatus.PROCESSING,
    AttemptStatus.ACTION_REQUIRED,
    AttemptStatus.UNKNOWN,
)
# The gateway may be asked to charge for these; for the others that are open it is only asked what became of them.
TO_ASK = frozenset({AttemptStatus.INTENT, AttemptStatus.UNKNOWN})
BY_A_PERSON = frozenset({Purpose.NEW_CARD, Purpose.ASKED})
