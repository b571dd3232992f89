"""Charging what is due: lease the attempts, ask outside any transaction, settle. One that fails fails alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog
from django.db.models import QuerySet

from billing.charging.asking import ask
from billing.charging.models import PaymentAttempt
from billing.charging.settle import Answered, settle
from billing.charging.states import OPEN, TO_ASK
from billing.charging.superseding import superseded
from billing.collection.switch import is_stopped
from billing.documents.models import Invoice
from billing.gateway.pace import room
from billing.gateway.questions import set_aside, unasked
from billing.gateway.refusals import UnknownGateway
from billing.gateway.registry import gateway_named
from billing.services.disputes import record_dispute
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.rows import Batch
from partnerpanel.tenancy.reads import Read
from partnerpanel.tenancy.scope import tenant

log = structlog.get_logger(__name__)

BATCH = 250
LEASE_SECONDS = 60
# All that a question needs of an attempt's row.
NEEDED = (
    "partner_id",
    "invoice_id",
    "customer_id",
    "subscription_id",
    "status",
    "currency",
    "amount",
    "gateway",
    "method_id",
    "method_ref",
    "gateway_id",
    "action_url",
    "first_asked_at",
    "attempts",
    "leased_until",
    "purpose",
)


def _attempts() -> QuerySet[PaymentAttempt]:
    return PaymentAttempt.objects.filter(status__in=OPEN).only(*NEEDED)


_INVOICES = Read(
    lambda partner_id, ids: Invoice.objects.for_partner(partner_id).filter(pk__among=ids).only("kind", "term_number")
)
_DUE = Batch(_attempts, limit=BATCH, beside={"invoice": _INVOICES})


def drain_charges(partner_id: UUID, now: datetime, *, only: Collection[UUID] | None = None) -> int:
    """Asks for one batch of what is due; returns how many attempts it took. None while charging is stopped, and while
    another worker charges as many as the gateway takes.

    `only` leaves all other attempts to their turn.
    """
    with tenant(partner_id):
        if is_stopped(partner_id):
            return 0
        batch = _DUE
        if only is not None:
            batch = Batch(lambda: _attempts().filter(pk__in=only), limit=BATCH, beside={"invoice": _INVOICES})
        at = system_now()
        rows = batch.lease(
            partner_id,
            now,
            seconds=LEASE_SECONDS,
            also={"first_asked_at": lambda row: row.first_asked_at or at},
            among=None if only else partial(_in_pace, partner_id),
        )
        gone = superseded(partner_id, rows)
    by_gateway: defaultdict[str, list[PaymentAttempt]] = defaultdict(list)
    for row in rows:
        by_gateway[row.gateway].append(row)
    for name, its_rows in by_gateway.items():
        _charge(name, partner_id, its_rows, gone, now)
    return len(rows)


def _in_pace(partner_id: UUID, rows: Sequence[PaymentAttempt]) -> list[PaymentAttempt]:
    """No more to charge than the gateway takes within a moment: the worker has others to work for, and what it leaves
    is another's. In the open scope."""
    rooms = {name: _room(partner_id, name) for name in {row.gateway for row in rows}}
    taken = []
    for row in rows:
        left = rooms[row.gateway]
        if row.status not in TO_ASK or left is None:
            taken.append(row)
        elif left:
            taken.append(row)
            rooms[row.gateway] = left - 1
    return taken


def _room(partner_id: UUID, name: str) -> int | None:
    """None where nothing holds charges back; a gateway that is there no more is found out when it is asked."""
    try:
        a_second = gateway_named(name).charges_a_second
    except UnknownGateway:
        return None
    return None if a_second is None else room(partner_id, name, a_second=a_second)


def _charge(
    gateway: str, partner_id: UUID, rows: Sequence[PaymentAttempt], gone: Collection[UUID], now: datetime
) -> None:
    try:
        asked = ask(gateway_named(gateway), partner_id, rows, superseded=gone)
    except Exception as error:
        log.exception("charges_not_asked", gateway=gateway, partner_id=str(partner_id), attempts=len(rows))
        with tenant(partner_id):
            set_aside(_open(partner_id, [row.pk for row in rows]), error=error, now=now)
        return
    if asked.unasked:
        with tenant(partner_id):
            unasked(_open(partner_id, [row.pk for row in asked.unasked]), asked.unasked, until=now + asked.wait)
    _settle(partner_id, [Answered(id_, answer) for id_, answer in asked.answers.items()], now)
    for answer in asked.answers.values():
        if answer.dispute is not None:
            record_dispute(partner_id, gateway, answer.dispute, now=now)


def _settle(partner_id: UUID, answers: Sequence[Answered], now: datetime) -> None:
    """All together; where that fails one by one, and what fails then is set aside."""
    try:
        settle(partner_id, answers, now=now)
    except Exception:
        log.exception("settlement_failed", partner_id=str(partner_id), size=len(answers))
        for one in answers:
            _settle_alone(partner_id, one, now)


def _settle_alone(partner_id: UUID, answer: Answered, now: datetime) -> None:
    try:
        settle(partner_id, [answer], now=now)
    except Exception as error:
        log.exception("charge_not_settled", partner_id=str(partner_id), attempt_id=str(answer.attempt_id))
        with tenant(partner_id):
            set_aside(_open(partner_id, [answer.attempt_id]), error=error, now=now)


def _open(partner_id: UUID, ids: Collection[UUID]) -> QuerySet[PaymentAttempt]:
    return PaymentAttempt.objects.for_partner(partner_id).filter(pk__among=ids, status__in=OPEN)
