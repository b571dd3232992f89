"""Asking gateways: lease the intents, ask outside any transaction, settle.

Everything that is asked stands in the attempt's row and its key never changes, so whoever asks again asks the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db.models import Value
from django.db.models.functions import Coalesce

from billing.charging.models import PaymentAttempt
from billing.charging.settle import Answered, settle
from billing.charging.states import AttemptStatus
from billing.collection.switch import is_stopped
from billing.gateway.port import ChargeAnswer, ChargeRequest, ChargeStatus, Gateway
from billing.gateway.refusals import GatewayDown
from billing.gateway.registry import gateway_named
from billing.services.disputes import record_dispute
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.rows import lease
from partnerpanel.tenancy.scope import tenant

log = structlog.get_logger(__name__)

BATCH = 250
LEASE_SECONDS = 60
# A key is asked again for less than a day: gateways forget keys, and then only looking up is safe.
ASK_AGAIN_FOR = timedelta(hours=23)
DOWN_FOR = timedelta(minutes=2)
ASKED = (AttemptStatus.INTENT, AttemptStatus.UNKNOWN)
# All that a question needs of an attempt's row.
NEEDED = (
    "partner_id",
    "invoice_id",
    "customer_id",
    "subscription_id",
    "currency",
    "amount",
    "gateway",
    "method_ref",
    "first_asked_at",
    "attempts",
)


def drain_charges(partner_id: UUID, now: datetime, *, only: Collection[UUID] | None = None) -> int:
    """Asks for one batch of what is due; returns how many attempts it took. None while charging is stopped.

    `only` leaves all other attempts to their turn.
    """
    with tenant(partner_id):
        if is_stopped(partner_id):
            return 0
        due = PaymentAttempt.objects.for_partner(partner_id).filter(status__in=ASKED).only(*NEEDED)
        rows = lease(
            due if only is None else due.filter(pk__in=only),
            partner_id=partner_id,
            now=now,
            limit=BATCH,
            seconds=LEASE_SECONDS,
            also={"first_asked_at": Coalesce("first_asked_at", Value(system_now()))},
        )
    by_gateway: defaultdict[str, list[PaymentAttempt]] = defaultdict(list)
    for row in rows:
        by_gateway[row.gateway].append(row)
    for name, its_rows in by_gateway.items():
        _ask(gateway_named(name), partner_id, its_rows, now)
    return len(rows)


def request_of(row: PaymentAttempt) -> ChargeRequest:
    """The question of an attempt, from its row alone."""
    return ChargeRequest(
        key=str(row.pk),
        amount=row.money,
        method=row.method_ref,
        customer=str(row.customer_id),
        metadata={
            "attempt": str(row.pk),
            "invoice": str(row.invoice_id),
            "subscription": str(row.subscription_id),
            "partner": str(row.partner_id),
        },
    )


def _ask(gateway: Gateway, partner_id: UUID, rows: Sequence[PaymentAttempt], now: datetime) -> None:
    asked = [row for row in rows if _may_ask(row)]
    looked = [row for row in rows if not _may_ask(row)]
    answers: list[tuple[PaymentAttempt, ChargeAnswer | None]] = []
    try:
        answers += zip(asked, gateway.charge_many(partner_id, [request_of(row) for row in asked]), strict=True)
        # Twice without an answer: what the gateway has under our key says more than asking a third time.
        doubtful = looked + [row for row, answer in answers if answer and _in_doubt(row, answer)]
        known = gateway.look_up(partner_id, [str(row.pk) for row in doubtful]) if doubtful else {}
    except GatewayDown:
        # Nobody was asked: that is nobody's failure, so nothing is counted.
        log.warning("gateway_down", gateway=gateway.name, partner_id=str(partner_id), attempts=len(rows))
        _postpone(partner_id, rows, until=now + DOWN_FOR)
        return
    answers += [(row, None) for row in looked]
    nothing = ChargeAnswer(ChargeStatus.UNKNOWN)
    settled = [Answered(row.pk, known.get(str(row.pk)) or answer or nothing) for row, answer in answers]
    settle(partner_id, settled, now=now)
    for one in settled:
        if one.answer.dispute is not None:
            record_dispute(partner_id, gateway.name, one.answer.dispute, now=now)


def _may_ask(row: PaymentAttempt) -> bool:
    return row.first_asked_at is None or system_now() - row.first_asked_at < ASK_AGAIN_FOR


def _in_doubt(row: PaymentAttempt, answer: ChargeAnswer) -> bool:
    return answer.status is ChargeStatus.UNKNOWN and row.attempts > 1


def _postpone(partner_id: UUID, rows: Sequence[PaymentAttempt], *, until: datetime) -> None:
    with tenant(partner_id):
        mine = PaymentAttempt.objects.for_partner(partner_id).filter(pk__in=[row.pk for row in rows])
        mine.filter(status__in=ASKED).update(due_at=until, leased_until=None)
