"""Moves of test clocks that nobody waits for any more: a worker goes on with them, slice by slice."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import structlog

from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.rows import MAX_ATTEMPTS, Batch
from partnerpanel.story.models import ClockRun
from partnerpanel.story.runs import move_on
from partnerpanel.tenancy.moving import ClockBusy
from partnerpanel.tenancy.scope import tenant

log = structlog.get_logger(__name__)

# Whoever stops a move waits for no longer than a slice.
SLICE = 2.5
LEASE_SECONDS = 60
AGAIN = timedelta(seconds=10)

_RUNS = Batch[ClockRun](lambda: ClockRun.objects.filter(finished_at=None), limit=1)


def drain_clocks(partner_id: UUID, _now: datetime) -> int:
    """Moves the test mode's clock for a slice; returns 0 where there is nothing to move, or somebody else moves it.

    A slice that fails is tried again; after five in a row the move ends where it is and says why.
    """
    with tenant(partner_id):
        taken = _RUNS.lease(partner_id, system_now(), seconds=LEASE_SECONDS)
    if not taken:
        return 0
    [row] = taken
    try:
        move_on(partner_id, seconds=SLICE)
    except ClockBusy:
        _leave(partner_id, row, due_at=system_now() + AGAIN)
        return 0
    except Exception as error:
        log.exception("clock_run_failed", partner_id=str(partner_id))
        _failed(partner_id, row, type(error).__name__)
        return 0
    _leave(partner_id, row, due_at=system_now())
    return 1


def _leave(partner_id: UUID, row: ClockRun, **columns: object) -> None:
    """Lets go of a move that is still under way."""
    with tenant(partner_id):
        left = ClockRun.objects.for_partner(partner_id).filter(pk=row.pk, finished_at=None)
        left.update(leased_until=None, **({"attempts": 0} | columns))


def _failed(partner_id: UUID, row: ClockRun, error: str) -> None:
    at = system_now()
    ends = {"finished_at": at, "due_at": None} if row.attempts >= MAX_ATTEMPTS else {"due_at": at + AGAIN}
    _leave(partner_id, row, attempts=row.attempts, last_error=error, **ends)
