"""A move of a test clock as a job: begun once, gone on with in slices, and one at a time.

Whoever begins it moves it for a while; then a worker does, until it is there or somebody stops it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import Conflict, NotFound
from partnerpanel.queues.advance import InvalidAdvance, advance_for
from partnerpanel.queues.wake import wake
from partnerpanel.story.models import ClockRun
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.clocks import business_now_of
from partnerpanel.tenancy.moving import ClockBusy
from partnerpanel.tenancy.queries import is_test_mode
from partnerpanel.tenancy.rows import TenantQuerySet
from partnerpanel.tenancy.scope import tenant

MOST_YEARS = 10
QUEUE = "clocks"
# For so long a move is left to whoever began it; then a worker looks whether somebody still moves it.
LEFT_ALONE = timedelta(seconds=30)


class ClockMoving(Conflict):
    """The clock is on its way already."""

    code = "clock_moving"


@dataclass(frozen=True, slots=True)
class Run:
    """A move: from where, how far it is, and where to, on the twin's clock.

    `started_at` and `finished_at` are the system's. `error` is why it ended where it is, empty for one that did not
    fail.
    """

    id: UUID
    from_at: datetime
    to_at: datetime
    reached_at: datetime
    halts: int
    started_at: datetime
    finished_at: datetime | None
    error: str = ""

    @property
    def is_finished(self) -> bool:
        """Whether it goes on no more: it is there, was stopped, or failed."""
        return self.finished_at is not None

    @property
    def has_arrived(self) -> bool:
        return self.is_finished and self.reached_at >= self.to_at

    @property
    def percent(self) -> int:
        """Of the time that passes in it."""
        whole = self.to_at - self.from_at
        return 100 if self.is_finished or not whole else int((self.reached_at - self.from_at) / whole * 100)


def start_run(*, to: datetime, actor: Actor) -> Run:
    """Begins a move of the actor's twin; nothing has happened yet.

    Raises NotFound for a partner that is no twin, InvalidAdvance naming `to` for an instant that is not ahead or is
    further than ten years, ClockMoving while a move is under way.
    """
    now = _clock(actor.partner_id)
    if to <= now:
        raise InvalidAdvance(_("A clock moves forward only: choose a time that is ahead of it."), field="to")
    if to > now + relativedelta(years=MOST_YEARS):
        raise InvalidAdvance(_("A clock moves by ten years at most at a time."), field="to")
    with tenant(actor.partner_id):
        try:
            with transaction.atomic():
                row = ClockRun.objects.create(
                    partner_id=actor.partner_id,
                    from_at=now,
                    to_at=to,
                    reached_at=now,
                    started_at=system_now(),
                    due_at=system_now() + LEFT_ALONE,
                    actor_id=actor.id,
                )
        except IntegrityError as error:
            message = _("The clock is on its way already. Wait until it is there, or stop it.")
            raise ClockMoving(message, field="to") from error
        return _run(row)


def go_on(partner_id: UUID, *, seconds: float) -> Run | None:
    """Moves on for so long where a move is under way; returns it, or None where there is none.

    While somebody else moves it, it is returned as it is. What is left a worker goes on with.
    """
    try:
        return move_on(partner_id, seconds=seconds)
    except ClockBusy:
        with tenant(partner_id):
            return newest_run(partner_id)


def move_on(partner_id: UUID, *, seconds: float) -> Run | None:
    """The same for a worker: raises ClockBusy while somebody else moves it."""
    _clock(partner_id)
    with tenant(partner_id):
        row = _open_rows(partner_id).first()
    if row is None:
        return None
    try:
        reached = advance_for(partner_id, to=row.to_at, seconds=seconds)
    except InvalidAdvance:
        # Somebody moved it further by command meanwhile.
        return _finish(partner_id, row.pk, row.to_at, halts=row.halts)
    if reached.at == row.to_at:
        return _finish(partner_id, row.pk, reached.at, halts=row.halts + reached.halts)
    with tenant(partner_id):
        rows = _open_rows(partner_id).filter(pk=row.pk)
        rows.update(reached_at=reached.at, halts=row.halts + reached.halts, due_at=system_now())
        wake(QUEUE, partner_id)
        return newest_run(partner_id)


def stop_run(partner_id: UUID) -> None:
    """Leaves the clock where it stands; without a move under way it does nothing."""
    reached = _clock(partner_id)
    with tenant(partner_id):
        _open_rows(partner_id).update(reached_at=reached, finished_at=system_now(), due_at=None)


def run_by_id(partner_id: UUID, run_id: UUID) -> Run:
    """In the open scope. Raises NotFound alike for an id that never existed and for another partner's."""
    row = ClockRun.objects.for_partner(partner_id).filter(pk=run_id).first()
    if row is None:
        raise NotFound(_("There is no such move of the clock."), field="id")
    return _run(row)


def newest_run(partner_id: UUID) -> Run | None:
    """The last move that was begun, in the open scope."""
    row = ClockRun.objects.for_partner(partner_id).order_by("-id").first()
    return None if row is None else _run(row)


def _finish(partner_id: UUID, run_id: UUID, reached: datetime, *, halts: int) -> Run | None:
    with tenant(partner_id):
        rows = _open_rows(partner_id).filter(pk=run_id)
        rows.update(reached_at=reached, halts=halts, finished_at=system_now(), due_at=None)
        return newest_run(partner_id)


def _open_rows(partner_id: UUID) -> TenantQuerySet[ClockRun]:
    return ClockRun.objects.for_partner(partner_id).filter(finished_at=None)


def _clock(partner_id: UUID) -> datetime:
    if not is_test_mode(partner_id):
        raise NotFound(_("Only test mode has a clock that can be moved."))
    return business_now_of(partner_id)


def _run(row: ClockRun) -> Run:
    ends = (row.started_at, row.finished_at, row.last_error)
    return Run(row.pk, row.from_at, row.to_at, row.reached_at, row.halts, *ends)
