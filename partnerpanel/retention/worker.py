"""Working through customers who have nothing any more: warned twice, then erased, a batch in a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction

from billing.detaching.services import detach_all
from customers.queries.facts import identities
from customers.rules.erasure import ErasureReason, obstacle_of
from customers.services.erase import erase_customers
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.clock import local_date, start_of_day
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.rows import Batch, postpone
from partnerpanel.retention.models import RetentionCase
from partnerpanel.retention.queries.clocks import clocks_of
from partnerpanel.retention.queries.erasing import load_erasable
from partnerpanel.retention.rules import WARNED, Clock, Outcome, Step, step_of
from partnerpanel.retention.services.ending import end_unpaid
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import update_rows
from partnerpanel.tenancy.scope import tenant

log = structlog.get_logger(__name__)

BATCH = 50
_DUE = Batch(RetentionCase.objects.all, limit=BATCH)
# A charge or refund that is under way is waited for.
PATIENCE = timedelta(days=1)
COLUMNS = (
    "since_on",
    "erase_on",
    "warnings",
    "last_warned_on",
    "closed_at",
    "outcome",
    "version",
    "due_at",
    "attempts",
    "last_error",
    "parked_at",
    "leased_until",
)
# After the last of them a person is asked.
WAITS = [timedelta(hours=hours) for hours in (1, 6, 24)]


def drain_retention(partner_id: UUID, now: datetime) -> int:
    """Looks at one batch of cases, all or none; returns how many."""
    with tenant(partner_id):
        cases = _DUE.lock(partner_id, now)
        if not cases:
            return 0
        actor, action_id = Actor.system(partner_id), uuid7()
        clocks = clocks_of(partner_id, {case.customer_id for case in cases})
        events: list[EventDraft] = []
        over: list[RetentionCase] = []
        for case in cases:
            if clock := clocks.get(case.customer_id):
                events += _look(case, clock, over, now)
            else:
                _close(case, Outcome.KEPT, now)
        record(events, actor=actor, action_id=action_id, now=now)
        _erase_each_if_need_be(over, actor=actor, action_id=action_id, now=now)
        rows = [(case.pk, *(getattr(case, column) for column in COLUMNS)) for case in cases]
        update_rows(RetentionCase, partner_id=partner_id, columns=COLUMNS, rows=rows)
    return len(cases)


def _look(case: RetentionCase, clock: Clock, over: list[RetentionCase], now: datetime) -> list[EventDraft]:
    """Sets the case's days; gives the warning that is due, and puts one that is over into `over`."""
    today = local_date(now, clock.zone)
    if case.since_on != clock.since_on:
        # They came back and left anew: what was said of the first time counts no more.
        case.warnings, case.last_warned_on = 0, None
    due = step_of(clock, warnings=case.warnings, last_warned_on=case.last_warned_on, today=today)
    case.since_on, case.erase_on = clock.since_on, due.erase_on
    case.due_at = start_of_day(due.next_on, clock.zone) if due.next_on else None
    case.last_error = ""
    if due.step is Step.ERASE:
        over.append(case)
    if due.step is not Step.WARN or due.erase_on is None:
        return []
    case.warnings, case.last_warned_on, case.version = due.warnings, today, case.version + 1
    data = {"on": due.erase_on.isoformat(), "days": (due.erase_on - today).days}
    return [EventDraft(WARNED, "retention", case.pk, case.version, case.customer_id, data)]


def _erase_each_if_need_be(cases: Sequence[RetentionCase], *, actor: Actor, action_id: UUID, now: datetime) -> None:
    """One that fails does not take the others down: it is tried again, and in the end waits for a person."""
    try:
        with transaction.atomic():
            _erase(cases, actor=actor, action_id=action_id, now=now)
    except Exception:
        log.exception("erasures_failed", cases=len(cases))
        for case in cases:
            _erase_alone(case, actor=actor, action_id=action_id, now=now)


def _erase_alone(case: RetentionCase, *, actor: Actor, action_id: UUID, now: datetime) -> None:
    case.closed_at, case.outcome = None, ""
    try:
        with transaction.atomic():
            _erase([case], actor=actor, action_id=action_id, now=now)
    except Exception as error:  # noqa: BLE001 one row must not take the others down
        case.closed_at, case.outcome, case.attempts = None, "", case.attempts + 1
        postpone(case, error=f"{type(error).__name__}: {error}", now=now, waits=WAITS)


def _erase(cases: Sequence[RetentionCase], *, actor: Actor, action_id: UUID, now: datetime) -> None:
    """Ends what only nonpayment kept from ending, and erases; whoever has money under way waits."""
    if not cases:
        return
    by_customer = {case.customer_id: case for case in cases}
    # Who came back meanwhile was first: from here on nobody does.
    identities(actor.partner_id, by_customer.keys(), lock=True)
    clocks = clocks_of(actor.partner_id, by_customer.keys())
    for id_ in by_customer.keys() - clocks.keys():
        _close(by_customer.pop(id_), Outcome.KEPT, now)
    end_unpaid(by_customer, actor=actor, action_id=action_id, now=now)
    found = load_erasable(actor.partner_id, by_customer, now=now, lock=True)
    ready = {}
    for id_, case in by_customer.items():
        obstacle = obstacle_of(found[id_].facts)
        if obstacle is None:
            ready[id_] = found[id_].version
            _close(case, Outcome.ERASED, now)
        else:
            case.due_at, case.last_error = now + PATIENCE, obstacle.value
    detach_all(actor.partner_id, ready.keys(), now=now)
    erase_customers(ready, reason=ErasureReason.RETENTION, actor=actor, action_id=action_id, now=now)


def _close(case: RetentionCase, outcome: Outcome, now: datetime) -> None:
    case.closed_at, case.outcome, case.due_at = now, outcome.value, None
