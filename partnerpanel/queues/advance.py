"""Moving a clock: everything that falls due on the way runs through the handlers that run in earnest."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from partnerpanel.kernel.errors import DomainError
from partnerpanel.queues.beside import Helper, helper_beside
from partnerpanel.queues.dues import Waiting, waiting
from partnerpanel.queues.registry import Queue, all_queues
from partnerpanel.queues.wake import nobody_woken, take_untold
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


def pass_time(hand: Hand, *, to: datetime, until: float = math.inf, stands: Waiting | None = None) -> Reached:
    """The same for whoever holds the clock; it begins no further halt after `until` of the monotonic clock.

    `stands` is how the queues stand now, for whoever has just let everything happen that is due.
    """
    if to < hand.at:
        raise InvalidAdvance(_("A clock moves forward only."), field="to")
    halts, found = 0, stands or do_what_is_due(hand)
    while found.next_at is not None and found.next_at <= to:
        if time.monotonic() >= until:
            return Reached(hand.at, halts)
        hand.move(found.next_at)
        found = do_what_is_due(hand, found.due_by(hand.at))
        halts += 1
    if hand.at < to:
        hand.move(to)
        do_what_is_due(hand)
    return Reached(to, halts)


def settle(partner_id: UUID) -> None:
    """What is due at the clock's present happens; the clock stays. Raises NotFound and ClockBusy like `advance`."""
    with nobody_woken(), hand_on_clock(partner_id) as hand:
        do_what_is_due(hand)


def do_what_is_due(hand: Hand, known: Sequence[Queue] = ()) -> Waiting:
    """Until no queue has anything left that can be done at the clock's instant; returns how they stand then.

    `known` are queues that have something, so that nobody has to ask. Whoever makes work for a queue wakes it; so all
    are asked only once nobody was woken any more.
    """
    helper = helper_beside()
    _drain(hand, known, helper)
    while True:
        found = waiting(hand.partner_id, hand.at, but=frozenset(helper.shares.theirs) if helper else frozenset())
        if not _drain(hand, found.ready, helper):
            return found


def _drain(hand: Hand, queues: Sequence[Queue], helper: Helper | None) -> int:
    """A batch of each queue, and of those that this woke, and so on; returns how many rows it took in all.

    Of queues in which a helper has a share, it is left that for this instant.
    """
    worked, shared = 0, False
    while queues:
        take_untold()
        batch = 0
        for queue in queues:
            hand.hold()
            drain = helper.drain_of(queue) if helper else queue.drain
            batch += drain(hand.partner_id, hand.at)
        shared |= helper is not None and any(helper.has(queue) for queue in queues)
        woken = take_untold()
        queues = [queue for queue in all_queues() if queue.name in woken] if batch else ()
        worked += batch
    if helper and shared:
        helper.take(hand.at)
    return worked
