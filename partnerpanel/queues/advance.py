"""Moving a twin's clock: everything that falls due on the way runs through the handlers that run in earnest."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Min

from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.queues.registry import all_queues
from partnerpanel.queues.wake import nobody_woken
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant

MOST_STEPS = 100_000


class InvalidAdvance(DomainError):
    """A clock that cannot be moved there."""

    code = "invalid_advance"


def advance(partner_id: UUID, *, to: datetime) -> int:
    """Moves the twin's clock to `to`, halting at every instant at which something is due; returns how many there were.

    Raises NotFound for a partner that is no twin, InvalidAdvance for an instant in the clock's past.
    """
    twin = Partner.objects.filter(pk=partner_id, twin_of__isnull=False).first()
    if twin is None or twin.test_clock_at is None:
        raise NotFound("Only test mode has a clock that can be moved.")
    if to < twin.test_clock_at:
        raise InvalidAdvance("A clock moves forward only.", field="to")
    halts = 0
    with nobody_woken():
        now = twin.test_clock_at
        while halts < MOST_STEPS:
            _drain(partner_id, now)
            following = next_due(partner_id, after=now)
            if following is None or following > to:
                break
            now = max(following, now)
            _set(partner_id, now)
            halts += 1
        _set(partner_id, to)
        _drain(partner_id, to)
    return halts


def next_due(partner_id: UUID, *, after: datetime) -> datetime | None:
    """The next instant at which something of the partner is due."""
    with tenant(partner_id):
        dues = [
            queue.model._default_manager.filter(partner_id=partner_id, due_at__gt=after, parked_at=None).aggregate(
                first=Min("due_at")
            )["first"]
            for queue in all_queues()
        ]
    return min((due for due in dues if due is not None), default=None)


def _drain(partner_id: UUID, now: datetime) -> None:
    """Until no queue has anything due at `now`, in a fixed order."""
    while sum(queue.drain(partner_id, now) for queue in all_queues()):
        pass


def _set(partner_id: UUID, now: datetime) -> None:
    Partner.objects.filter(pk=partner_id).update(test_clock_at=now)
