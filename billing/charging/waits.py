"""When a charge without a final answer is looked at again, and when a person looks. Pure."""

from __future__ import annotations

from datetime import timedelta

from billing.charging.states import AttemptStatus

SILENT_WAITS = [timedelta(seconds=seconds) for seconds in (20, 60, 300, 900)]
LONGEST = SILENT_WAITS[-1]
# A bank takes days over a debit, and tells by itself; these looks are for what was told to nobody.
LONGEST_OF_BANKS = timedelta(hours=6)
LOOK_FOR = timedelta(days=3)
NO_ANSWER = "The gateway gives no answer about this charge."
UNCONFIRMED = "The customer has not confirmed this charge."
FORGOTTEN = "The gateway worked on this charge and knows nothing of it any more."


def next_look(status: AttemptStatus, *, looks: int, age: timedelta) -> timedelta:
    """The wait. `looks` were had, `age` is since the charge was made: a bank that took long takes longer."""
    if status is AttemptStatus.UNKNOWN:
        return SILENT_WAITS[min(max(looks, 1), len(SILENT_WAITS)) - 1]
    if status is AttemptStatus.PROCESSING:
        return min(max(age / 4, LONGEST), LONGEST_OF_BANKS)
    return LONGEST


def why_parked(status: AttemptStatus, *, age: timedelta, silent: timedelta, is_known: bool) -> str:
    """Why a person has to look; empty while the gateway will still tell. `silent` is since it was first asked.

    What the gateway says that it works on is waited for without end: a debit may take two weeks, and asking again
    would take the money twice.
    """
    if status is AttemptStatus.UNKNOWN:
        return NO_ANSWER if silent > LOOK_FOR else ""
    if status is AttemptStatus.PROCESSING:
        return FORGOTTEN if age > LOOK_FOR and not is_known else ""
    return UNCONFIRMED if age > LOOK_FOR else ""
