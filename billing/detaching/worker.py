"""Having gateways let removed cards go: leased, asked outside any transaction, and forgotten when that is done.

Whoever cannot be asked is asked again, later each time and in the end once a day: nothing here waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db.models import F, QuerySet

from billing.charging.models import PaymentAttempt
from billing.charging.states import OPEN
from billing.detaching.models import CardToDetach
from billing.gateway.refusals import GatewayDown
from billing.gateway.registry import CARD_DESKS
from billing.methods.models import PaymentMethod
from partnerpanel.queues.rows import POSTPONED_COLUMNS, Batch, postpone
from partnerpanel.tenancy.scope import tenant

log = structlog.get_logger(__name__)

# One answer may take fifteen seconds, and a task is cut off after thirty.
BATCH = 10
LEASE_SECONDS = 300
_DUE = Batch(CardToDetach.objects.all, limit=BATCH)
WAITS = [timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6)]
THEN_EVERY = timedelta(days=1)
DOWN_FOR = timedelta(minutes=2)
# A charge of it has still to end.
PATIENCE = timedelta(hours=1)


def drain_removed_cards(partner_id: UUID, now: datetime) -> int:
    """Asks for one batch of what is due; returns how many cards it took. Opens scopes of its own."""
    with tenant(partner_id):
        rows = _DUE.lease(partner_id, now, seconds=LEASE_SECONDS)
    for position, row in enumerate(rows):
        try:
            _work(row, now)
        except Exception as error:  # noqa: BLE001 one card must not keep the others
            log.warning("card_not_detached", gateway=row.gateway, partner_id=str(partner_id), error=str(error))
            _again(row, error, now)
            if isinstance(error, GatewayDown):
                _put_back(rows[position + 1 :], until=now + DOWN_FOR)
                break
    return len(rows)


def _work(row: CardToDetach, now: datetime) -> None:
    """Raises GatewayDown, and whatever else kept the gateway from answering."""
    with tenant(row.partner_id):
        is_charged, is_kept = _is_charged(row), _is_kept(row)
    if is_charged:
        _put_back([row], until=now + PATIENCE)
        return
    if not is_kept:
        CARD_DESKS[row.gateway].detach(row.partner_id, row.gateway_ref)
    with tenant(row.partner_id):
        _mine(row).delete()


def _put_back(rows: Sequence[CardToDetach], *, until: datetime) -> None:
    """Nobody was asked, which is nobody's failure."""
    for row in rows:
        with tenant(row.partner_id):
            _mine(row).update(due_at=until, leased_until=None, attempts=F("attempts") - 1)


def _again(row: CardToDetach, error: Exception, now: datetime) -> None:
    waits = WAITS if row.attempts <= len(WAITS) else [THEN_EVERY] * row.attempts
    with tenant(row.partner_id):
        for mine in _mine(row).select_for_update(of=("self",)):
            postpone(mine, error=f"{type(error).__name__}: {error}", now=now, waits=waits)
            mine.save(update_fields=POSTPONED_COLUMNS)


def _is_kept(row: CardToDetach) -> bool:
    """Whether a customer has the same card, be it another one or the same anew."""
    same = PaymentMethod.objects.for_partner(row.partner_id).filter(gateway=row.gateway, gateway_ref=row.gateway_ref)
    return same.filter(replaced_at=None).exists()


def _is_charged(row: CardToDetach) -> bool:
    """Whether a charge of it is under way, which a card that is gone could not end."""
    attempts = PaymentAttempt.objects.for_partner(row.partner_id).filter(status__in=OPEN)
    return attempts.filter(gateway=row.gateway, method_ref=row.gateway_ref).exists()


def _mine(row: CardToDetach) -> QuerySet[CardToDetach]:
    """Unless somebody else has taken it since."""
    return CardToDetach.objects.for_partner(row.partner_id).filter(pk=row.pk, leased_until=row.leased_until)
