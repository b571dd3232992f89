"""Looking: ask each invariant, remember what was found, and say it in the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import structlog

from partnerpanel.invariants.models import Finding, Health
from partnerpanel.invariants.registry import LIMIT, Broken, EverywhereInvariant, Invariant
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.clocks import business_now_of
from partnerpanel.tenancy.scope import tenant

log = structlog.get_logger(__name__)

NOTE_LENGTH = 200


def look(partner_id: UUID, invariants: Iterable[Invariant]) -> dict[str, Sequence[Broken]]:
    """What breaks them now, by name, at most LIMIT rows of each; remembered and logged.

    Each is asked in a scope of its own, so no transaction outlives one question.
    """
    found: dict[str, Sequence[Broken]] = {}
    now = business_now_of(partner_id)
    for invariant in invariants:
        with tenant(partner_id):
            broken = invariant.find(partner_id, now, LIMIT)
            _remember(partner_id, invariant.name, broken, now)
        _count(partner_id, invariant.name, len(broken))
        if broken:
            log.error("invariant_broken", invariant=invariant.name, partner_id=str(partner_id), rows=len(broken))
            found[invariant.name] = broken
    return found


def look_everywhere(invariants: Iterable[EverywhereInvariant]) -> dict[str, Sequence[str]]:
    """The same for what holds for the whole installation."""
    found: dict[str, Sequence[str]] = {}
    for invariant in invariants:
        broken = invariant.find()
        _count(None, invariant.name, len(broken))
        if broken:
            log.error("invariant_broken", invariant=invariant.name, rows=len(broken), found=list(broken[:LIMIT]))
            found[invariant.name] = broken
    return found


def _remember(partner_id: UUID, name: str, broken: Sequence[Broken], now: datetime) -> None:
    """Those that are whole again go, new ones come, and those that stay keep the instant they were first seen."""
    rows = Finding.objects.for_partner(partner_id).filter(invariant=name)
    rows.exclude(object__in=[one.object for one in broken]).delete()
    Finding.objects.bulk_create(
        [
            Finding(
                partner_id=partner_id,
                invariant=name,
                object=one.object,
                customer_id=one.customer_id,
                note=one.note[:NOTE_LENGTH],
                found_at=now,
            )
            for one in broken
        ],
        update_conflicts=True,
        unique_fields=["partner", "invariant", "object"],
        update_fields=["note"],
    )


def _count(partner_id: UUID | None, name: str, broken: int) -> None:
    partner = {"partner": None} if partner_id is None else {"partner_id": partner_id}
    Health.objects.update_or_create(**partner, invariant=name, defaults={"broken": broken, "looked_at": system_now()})
