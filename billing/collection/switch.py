"""What stops all charging at once: the switch of one partner or of the whole installation, or a frozen partner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists

from billing.collection.models import ChargingSwitch, Halt
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.reads import Read


@dataclass(frozen=True, slots=True)
class Standstill:
    """`stopped`: nobody may be charged for the partner now. `frozen`: since the platform has blocked the partner
    itself, and nothing of its customers' collection moves either."""

    stopped: bool
    frozen: bool


def standstill(partner_id: UUID) -> Standstill:
    """How things stand, in one query; in the open scope. A twin stands as its partner does."""
    [columns] = _STANDSTILL(partner_id)
    return standing(columns)


def standing_columns(partner_id: UUID) -> tuple[Any, ...]:
    """What a read of the partner asks for `standing`."""
    switched = ChargingSwitch.objects.for_partner(partner_id)
    return ("frozen_since", "twin_of__frozen_since", Exists(switched), Exists(Halt.objects.filter(lifted_at=None)))


def standing(columns: Sequence[Any]) -> Standstill:
    """How things stand, by those columns."""
    since, since_of_live, is_off, is_halted = columns
    frozen = since is not None or since_of_live is not None
    return Standstill(settings.CHARGING_STOPPED or is_off or is_halted or frozen, frozen)


_STANDSTILL = Read(lambda partner_id: Partner.objects.filter(pk=partner_id).values_list(*standing_columns(partner_id)))


def is_stopped(partner_id: UUID) -> bool:
    """Whether nobody may be charged for this partner now; in the open scope."""
    return standstill(partner_id).stopped


def is_frozen(partner_id: UUID) -> bool:
    """Whether the partner itself is blocked, so that what is due for its customers waits; in the open scope."""
    return standstill(partner_id).frozen


@dataclass(frozen=True, slots=True)
class Stopped:
    """Charging is stopped: everywhere, or for one partner since `at`, by whom and why."""

    everywhere: bool
    at: datetime | None = None
    by: UUID | None = None
    reason: str = ""


def stopped(partner_id: UUID) -> Stopped | None:
    """How charging is stopped for this partner; None while it runs. In the open scope."""
    if not is_stopped(partner_id):
        return None
    everywhere = settings.CHARGING_STOPPED or Halt.objects.filter(lifted_at=None).exists()
    row = ChargingSwitch.objects.for_partner(partner_id).first()
    if row is not None:
        return Stopped(everywhere, row.stopped_at, row.stopped_by, row.reason)
    return Stopped(everywhere) if everywhere else None


def stop_charging(*, reason: str, actor: Actor, now: datetime) -> None:
    """From now on nothing of the partner is charged; stopping twice is no error."""
    row, made = ChargingSwitch.objects.get_or_create(
        partner_id=actor.partner_id,
        defaults={"stopped_at": now, "stopped_by": actor.id, "reason": reason.strip()[:300]},
    )
    if made:
        record([EventDraft("charging.stopped", "switch", row.pk, 1)], actor=actor, action_id=uuid7(), now=now)


def resume_charging(*, actor: Actor, now: datetime) -> None:
    """Charging goes on; what fell due meanwhile is caught up. Resuming twice is no error."""
    rows = ChargingSwitch.objects.for_partner(actor.partner_id)
    # Of two who resume at once, one deletes the row.
    for id_ in list(rows.values_list("pk", flat=True)):
        if rows.filter(pk=id_).delete()[0]:
            record([EventDraft("charging.resumed", "switch", id_, 2)], actor=actor, action_id=uuid7(), now=now)
