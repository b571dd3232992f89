"""Where a message is on its way."""

from __future__ import annotations

from enum import StrEnum


class MessageState(StrEnum):
    """`sending` is committed before the mail server is asked, so it is claimed once.

    `unknown`: the server may or may not have taken it; nothing sends it again by itself. `failed`: refused every time.
    `kept`: written in test mode or in a past, where nothing is handed to a mail server. `held`: of a campaign, and its
    turn has not come. `left_out`: not sent, because its customer does not want it or cannot get it.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    KEPT = "kept"
    HELD = "held"
    LEFT_OUT = "left_out"


# A message moves along these and no others. From `unknown` only the worker that sent it may still learn the outcome,
# from `failed` a person has it tried again.
NEXT: dict[MessageState, frozenset[MessageState]] = {
    MessageState.QUEUED: frozenset(
        {
            MessageState.SENDING,
            MessageState.QUEUED,
            MessageState.FAILED,
            MessageState.KEPT,
            MessageState.LEFT_OUT,
        }
    ),
    MessageState.SENDING: frozenset(
        {MessageState.SENT, MessageState.QUEUED, MessageState.FAILED, MessageState.UNKNOWN}
    ),
    MessageState.UNKNOWN: frozenset({MessageState.SENT, MessageState.QUEUED, MessageState.FAILED}),
    MessageState.SENT: frozenset(),
    MessageState.FAILED: frozenset({MessageState.QUEUED}),
    MessageState.KEPT: frozenset(),
    MessageState.LEFT_OUT: frozenset(),
    # Only its campaign gives it its turn, under the campaign's lock: no worker that had it in hand before.
    MessageState.HELD: frozenset(),
}


def origins(state: MessageState) -> list[MessageState]:
    """The states from which a message may come into this one."""
    return [before for before, after in NEXT.items() if state in after]
