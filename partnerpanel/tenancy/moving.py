"""One hand on a clock that is moved: a twin's, or that of a partner whose past is being written.

Whoever moves it holds it by a lease, so a killed process does not hold it for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import Conflict, NotFound
from partnerpanel.tenancy.models import Partner

LEASE = timedelta(seconds=60)
RENEWED_AFTER = timedelta(seconds=15)


class ClockBusy(Conflict):
    """Somebody else moves this clock just now."""

    code = "clock_busy"


@dataclass
class Hand:
    """Holds one clock; `at` is where it stands, `column` where the partner's row keeps that."""

    partner_id: UUID
    column: str
    at: datetime
    until: datetime

    def move(self, to: datetime) -> None:
        """Sets the clock, and goes on holding it. Raises ClockBusy where the lease ran out and somebody took over."""
        self._keep(**{self.column: to})
        self.at = to

    def hold(self) -> None:
        """Says that the work goes on; cheap when it was said a moment ago. Raises ClockBusy like `move`."""
        if system_now() > self.until - LEASE + RENEWED_AFTER:
            self._keep()

    def release(self) -> None:
        """Lets go, unless somebody else holds it by now."""
        self._mine().update(clock_leased_until=None)

    def _keep(self, **columns: datetime) -> None:
        until = system_now() + LEASE
        if not self._mine().update(clock_leased_until=until, **columns):
            raise _busy()
        self.until = until

    def _mine(self) -> QuerySet[Partner]:
        return Partner.objects.filter(pk=self.partner_id, clock_leased_until=self.until)


@contextmanager
def hand_on_clock(partner_id: UUID) -> Iterator[Hand]:
    """Until the block ends, nobody else moves this clock or empties what lives by it.

    Raises NotFound for a partner that lives by the system's time, ClockBusy while somebody else holds it.
    """
    until = system_now() + LEASE
    moved = Partner.objects.filter(Q(test_clock_at__isnull=False) | Q(past_at__isnull=False), pk=partner_id)
    # One that ends later than any lease was taken by a clock that has been put back since.
    now = until - LEASE
    free = Q(clock_leased_until=None) | Q(clock_leased_until__lt=now) | Q(clock_leased_until__gt=until)
    taken = moved.filter(free).update(clock_leased_until=until)
    stands = moved.values_list("test_clock_at", "past_at").first() or (None, None)
    column = "past_at" if stands[0] is None else "test_clock_at"
    at = stands[0] or stands[1]
    if at is None:
        raise NotFound(_("Only test mode has a clock that can be moved."))
    if not taken:
        raise _busy()
    hand = Hand(partner_id, column, at, until)
    try:
        yield hand
    finally:
        hand.release()


def _busy() -> ClockBusy:
    return ClockBusy(_("The clock is being moved just now. Wait until it stands, then try again."))
