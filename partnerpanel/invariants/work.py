"""Due work that nobody does: overdue, leased by somebody who never came back, or waiting for a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from partnerpanel.invariants.registry import Broken, Invariant
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from partnerpanel.queues.registry import Queue, all_queues
from partnerpanel.queues.rows import DueModel

# Work waits a moment for a worker; this long it does not wait in a healthy installation.
PATIENCE = timedelta(minutes=15)

Condition = Callable[[datetime], Q]


def _late(now: datetime) -> Q:
    free = Q(leased_until=None) | Q(leased_until__lt=system_now())
    return free & Q(due_at__lt=now - PATIENCE, parked_at=None)


def _left(_now: datetime) -> Q:
    return Q(due_at__isnull=False, parked_at=None, leased_until__lt=system_now() - PATIENCE)


def _waits_for_a_person(_now: datetime) -> Q:
    return Q(parked_at__isnull=False)


def _find(condition: Condition, partner_id: UUID, now: datetime, limit: int) -> Sequence[Broken]:
    found: list[Broken] = []
    for queue in all_queues():
        if queue.rests is None or condition is _waits_for_a_person or not queue.rests(partner_id):
            found += _of(queue, condition(now), partner_id, limit - len(found))
    return found


def _of(queue: Queue, condition: Q, partner_id: UUID, limit: int) -> list[Broken]:
    rows: QuerySet[DueModel] = queue.model._default_manager.filter(condition, partner_id=partner_id)
    has_customer = any(field.attname == "customer_id" for field in queue.model._meta.local_concrete_fields)
    columns = ("pk", "customer_id") if has_customer else ("pk",)
    found = rows.order_by("pk").values_list(*columns)[: max(limit, 0)]
    return [
        Broken(public(queue.prefix, id_), customer[0] if customer else None, queue.name) for id_, *customer in found
    ]


OVERDUE = Invariant(
    name="work_is_done_when_due",
    sentence=_("Work is done when it is due."),
    remedy=_(
        "Nobody takes it up: see that workers and beat run. It goes on by itself then, and nothing is done twice."
    ),
    find=partial(_find, _late),
)
LEASES = Invariant(
    name="leases_are_given_back",
    sentence=_("Who takes work up gives it back."),
    remedy=_("A worker died with it, and no other took it up since: see that workers run."),
    find=partial(_find, _left),
)
PARKED = Invariant(
    name="nothing_waits_for_a_person",
    sentence=_("Nothing waits for a person."),
    remedy=_("It failed too often. Home says what happened and lets you try it again."),
    find=partial(_find, _waits_for_a_person),
    has_page=True,
)
