"""Stopping all charges of a partner, and letting them go on."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from billing.collection import switch
from partnerpanel.actions.permission import Permission, permit
from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

REASON_LENGTH = 300


class InvalidStop(DomainError):
    """Charging is stopped for no reason that a team could read."""

    code = "invalid_stop"


def stop_charging(*, reason: str, actor: Actor, now: datetime) -> None:
    """Nothing is charged from now on; stopping twice is no error. Raises Forbidden, InvalidStop."""
    permit(actor, Permission.STOP_CHARGING)
    if not 1 <= len(reason.strip()) <= REASON_LENGTH:
        raise InvalidStop(_("Give a reason of at most 300 letters; your team reads it."), field="reason")
    with tenant(actor.partner_id):
        switch.stop_charging(reason=reason, actor=actor, now=now)


def resume_charging(*, actor: Actor, now: datetime) -> None:
    """Charging goes on, and what fell due is caught up; resuming twice is no error. Raises Forbidden."""
    permit(actor, Permission.STOP_CHARGING)
    with tenant(actor.partner_id):
        switch.resume_charging(actor=actor, now=now)
