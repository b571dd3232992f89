"""The halt of all charging that outlives a restart: set by a restore, lifted by the reconciler or by an operator."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog

from billing.collection.models import Halt, Reconciled
from partnerpanel.tenancy.database import APP
from partnerpanel.tenancy.models import Partner

log = structlog.get_logger(__name__)

REASON_LENGTH = 300
RECONCILED = "reconciled"


def running_halt() -> Halt | None:
    """The oldest that has not been lifted."""
    return Halt.objects.filter(lifted_at=None).order_by("since").first()


def is_halted(_partner_id: UUID) -> bool:
    """Whether no money may move through gateways at all, whoever the partner is."""
    return running_halt() is not None


def halt(*, since: datetime, now: datetime, using: str = APP) -> None:
    """From now on nobody is charged anywhere; `since` is how far back the gateways have to be asked."""
    Halt.objects.using(using).create(since=since, halted_at=now)
    log.error("charging_halted", since=since.isoformat())


def lift(*, because: str, now: datetime) -> int:
    """Lets charging go on; returns how many halts that lifted."""
    lifted = Halt.objects.filter(lifted_at=None).update(lifted_at=now, lifted_because=because.strip()[:REASON_LENGTH])
    if lifted:
        log.warning("charging_resumed", because=because)
    return lifted


def lift_if_reconciled(*, now: datetime) -> bool:
    """Lifts the halt once every partner was compared since it began, far enough back, and nothing is open."""
    halted = running_halt()
    if halted is None:
        return False
    waiting = Partner.objects.filter(twin_of=None, created_at__lte=halted.halted_at).exclude(
        pk__in=Reconciled.objects.filter(finished_at__gte=halted.halted_at, since__lte=halted.since, open=0).values(
            "partner_id"
        )
    )
    return not waiting.exists() and lift(because=RECONCILED, now=now) > 0
