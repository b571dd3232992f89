"""Disputes by people: what the gateway says of one, for gateways that tell no news by themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from billing.disputes.states import DisputeStatus
from billing.services import disputes
from partnerpanel.actions.permission import Permission, permit
from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

NOTE_LENGTH = 500


class InvalidOutcome(DomainError):
    """A note that is too long."""

    code = "invalid_outcome"


def decide_dispute(dispute_id: UUID, status: DisputeStatus, *, note: str, actor: Actor, now: datetime) -> None:
    """Records that evidence was sent, or how the bank has decided. Raises Forbidden, NotFound, AlreadyDecided,
    InvalidOutcome; then nothing is written."""
    permit(actor, Permission.REFUND)
    if len(note) > NOTE_LENGTH:
        raise InvalidOutcome(_("A note has at most 500 letters."), field="note")
    with tenant(actor.partner_id):
        disputes.decide_dispute(dispute_id, status, note=note, actor=actor, now=now)
