"""Moving a clock: everything that falls due on the way runs through the handlers that run in earnest."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from partnerpanel.kernel.errors import DomainError
from partnerpanel.queues.dues import waiting
from partnerpanel.queues.wake import nobody_woken
from partnerpanel.tenancy.moving import Hand, hand_on_clock


class InvalidAdvance(DomainError):
    """A clock that cannot be moved there."""

    code = "invalid_advance"


@dataclass(frozen=True, slots=True)
class Reached:
    """Where the clock stands after a move, and how often it halted on the way."""

    at: datetime
    halts: int


def advance(partner_id: UUID, *, to: datetime) -> int:
    """Moves the twin's clock to `to`, halting at every instant at which something is due; returns how many there were.

    Raises NotFound for a partner that is no twin, InvalidAdvance for an instant in the clock's past, ClockBusy while
    somebody else moves it.
    """
    return advance_for(partner_id, to=to, seconds=math.inf).halts


def advance_for(partner_id: UUID, *, to: datetime, seconds: float) -> Reached:
    """The same for so long only: it begins no further halt after `seconds`, and may be asked again to go on."""
    until = time.monotonic() + seconds
    with nobody_woken(), hand_on_clock(partner_id) as hand:
        return pass_time(hand, to=to, until=until)


def pass_time(hand: Hand, *, to: datetime, until: float = math.inf) -> Reached:
    """The same for whoever holds the clock; it begins no further halt after `until` of the monotonic clock."""
    if to < hand.at:
        raise InvalidAdvance(_("A clock moves forward only."), field="to")
    halts, following = 0, do_what_is_due(hand)
    while following is not None and following <= to:
        if time.monotonic() >= until:
            return Reached(hand.at, halts)
        hand.move(following)
        following = do_what_is_due(hand)
        halts += 1
    if hand.at < to:
        hand.move(to)
        do_what_is_due(hand)
    return Reached(to, halts)


def settle(partner_id: UUID) -> None:
    """What is due at the clock's present happens; the clock stays. Raises NotFound and ClockBusy like `advance`."""
    with nobody_woken(), hand_on_clock(partner_id) as hand:
        do_what_is_due(hand)


def do_what_is_due(hand: Hand) -> datetime | None:
    """Until no queue has anything left that can be done at the clock's instant; returns when more falls due."""
    while True:
        found, worked = waiting(hand.partner_id, hand.at), 0
        for queue in found.ready:
            hand.hold()
            worked += queue.drain(hand.partner_id, hand.at)
        if not worked:
            return found.next_at
