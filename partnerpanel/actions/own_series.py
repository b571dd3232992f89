"""Series of the partner's own, by its people: whoever may run campaigns."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from notifications.own_series import services
from notifications.own_series.rules import InvalidSeries, SeriesDraft, SeriesMail
from notifications.own_series.services import SeriesMoved
from partnerpanel.actions.permission import Permission, permit
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

__all__ = [
    "InvalidSeries",
    "SeriesDraft",
    "SeriesMail",
    "SeriesMoved",
    "change_series",
    "create_series",
    "switch_series",
]


def create_series(draft: SeriesDraft, *, actor: Actor, now: datetime) -> UUID:
    """Off at first. Raises Forbidden, InvalidSeries, NotFound."""
    permit(actor, Permission.CAMPAIGN)
    with tenant(actor.partner_id):
        return services.create(draft, actor=actor, now=now)


def change_series(series_id: UUID, draft: SeriesDraft, *, version: int | None, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, InvalidSeries, NotFound, SeriesMoved."""
    permit(actor, Permission.CAMPAIGN)
    with tenant(actor.partner_id):
        services.change(series_id, draft, version=version, actor=actor, now=now)


def switch_series(series_id: UUID, *, on: bool, actor: Actor, now: datetime) -> None:
    """Off: nobody begins it, and what waits is not sent. Raises Forbidden, NotFound."""
    permit(actor, Permission.CAMPAIGN)
    with tenant(actor.partner_id):
        services.switch(series_id, on=on, actor=actor, now=now)
