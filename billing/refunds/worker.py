"""Asking gateways for refunds: lease the intents, ask outside any transaction, settle.

Everything that is asked stands in the refund's row and its key never changes, so whoever asks again asks the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db.models import QuerySet

from billing.collection.halt import is_halted
from billing.gateway.port import Gateway, RefundAnswer, RefundRequest
from billing.gateway.port import RefundStatus as Said
from billing.gateway.questions import set_aside, unasked
from billing.gateway.refusals import GatewayDown, GatewayRefusal, KeyReused
from billing.gateway.registry import gateway_named
from billing.refunds.models import Refund
from billing.refunds.settle import Answered, settle_refunds
from billing.refunds.states import OPEN, RefundStatus
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.rows import Batch
from partnerpanel.tenancy.scope import tenant

log = structlog.get_logger(__name__)

BATCH = 50
LEASE_SECONDS = 120
# A key is asked again for less than a day: gateways forget keys, and then only looking up is safe.
ASK_AGAIN_FOR = timedelta(hours=23)
DOWN_FOR = timedelta(minutes=2)
NOTHING = RefundAnswer(Said.UNKNOWN)


def _refunds() -> QuerySet[Refund]:
    return Refund.objects.filter(status__in=OPEN)


_DUE = Batch(_refunds, limit=BATCH)


def drain_refunds(partner_id: UUID, now: datetime, *, only: Collection[UUID] | None = None) -> int:
    """Asks for one batch of what is due; returns how many refunds it took. `only` leaves all others to their turn.

    None after a restore, until the books are compared: a gateway may have forgotten the keys of what it gave back.
    """
    if is_halted(partner_id):
        return 0
    with tenant(partner_id):
        batch = _DUE if only is None else Batch(lambda: _refunds().filter(pk__in=only), limit=BATCH)
        at = system_now()
        rows = batch.lease(
            partner_id, now, seconds=LEASE_SECONDS, also={"first_asked_at": lambda row: row.first_asked_at or at}
        )
    by_gateway: defaultdict[str, list[Refund]] = defaultdict(list)
    for row in rows:
        by_gateway[row.gateway].append(row)
    for name, its_rows in by_gateway.items():
        _ask(name, partner_id, its_rows, now)
    return len(rows)


def request_of(row: Refund) -> RefundRequest:
    """The question of a refund, from its row alone."""
    named = {"refund": row.pk, "payment": row.payment_id, "customer": row.customer_id, "partner": row.partner_id}
    metadata = {name: str(id_) for name, id_ in named.items()}
    return RefundRequest(key=str(row.pk), charge=row.charge_ref, amount=row.money, metadata=metadata)


def _ask(gateway: str, partner_id: UUID, rows: Sequence[Refund], now: datetime) -> None:
    """Asks for each and settles it. One that cannot be worked on is set aside alone; a gateway that is down has heard
    nothing of those that are left."""
    for position, row in enumerate(rows):
        try:
            settle_refunds(partner_id, [_answer(gateway_named(gateway), partner_id, row)], now=now)
        except GatewayDown:
            log.warning("gateway_down", gateway=gateway, partner_id=str(partner_id), refunds=len(rows) - position)
            with tenant(partner_id):
                unasked(_open(partner_id, rows[position:]), rows[position:], until=now + DOWN_FOR)
            return
        except Exception as error:
            log.exception("refund_not_settled", partner_id=str(partner_id), refund_id=str(row.pk))
            with tenant(partner_id):
                set_aside(_open(partner_id, [row]), error=error, now=now)


def _answer(gateway: Gateway, partner_id: UUID, row: Refund) -> Answered:
    """What was asked before is looked up first; only what the gateway does not know is asked."""
    key = str(row.pk)
    if row.attempts > 1 or row.status != RefundStatus.INTENT:
        known = gateway.look_up_refunds(partner_id, [key]).get(key)
        if known is not None:
            return Answered(row.pk, known)
    if row.status == RefundStatus.PENDING or not _may_ask(row):
        return Answered(row.pk, NOTHING)
    try:
        return Answered(row.pk, gateway.refund(partner_id, request_of(row)))
    except KeyReused as error:
        return Answered(row.pk, NOTHING, contradiction=f"The gateway refuses the question: {error.message}")
    except GatewayRefusal as error:
        # It says so for good, and nothing was given back.
        return Answered(row.pk, replace(NOTHING, status=Said.FAILED), failure=error.code)


def _may_ask(row: Refund) -> bool:
    return row.first_asked_at is None or system_now() - row.first_asked_at < ASK_AGAIN_FOR


def _open(partner_id: UUID, rows: Sequence[Refund]) -> QuerySet[Refund]:
    return Refund.objects.for_partner(partner_id).filter(pk__among=[row.pk for row in rows], status__in=OPEN)
