"""What somebody wants to be told of: each person for themselves, whatever their role."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from partnerpanel.actions.permission import Permission, permit
from partnerpanel.alerts import services
from partnerpanel.alerts.rules import How, Topic
from partnerpanel.alerts.services import NotToldAtOnce
from partnerpanel.kernel.errors import Forbidden
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant

__all__ = ["NotToldAtOnce", "choose"]


def choose(partner: Partner, wanted: Mapping[Topic, How], *, actor: Actor, now: datetime) -> None:
    """For whoever acts, from the next mail on. Raises Forbidden, and NotToldAtOnce with the topic."""
    permit(actor, Permission.VIEW)
    if actor.kind is not ActorKind.USER or actor.id is None:
        raise Forbidden("Alerts are a person's own.")
    with tenant(actor.partner_id):
        services.choose(partner, actor.id, wanted, now=now)
