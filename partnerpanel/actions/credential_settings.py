"""How a partner hands out credentials."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.actions.permission import Permission, permit
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant
from subscriptions.services import credential_settings
from subscriptions.services.credential_settings import AddressMoved

__all__ = ["AddressMoved", "allow_plain_mail", "forbid_plain_mail", "set_service_address"]


def allow_plain_mail(*, actor: Actor, now: datetime) -> None:
    """Credentials are mailed in plain text from now on. Raises Forbidden."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        credential_settings.allow_plain_mail(actor=actor, now=now)


def forbid_plain_mail(*, actor: Actor, now: datetime) -> None:
    """Credentials are mailed as one-time links from now on. Raises Forbidden."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        credential_settings.forbid_plain_mail(actor=actor, now=now)


def set_service_address(product_id: UUID, *, address: str, version: int, actor: Actor, now: datetime) -> None:
    """Says where customers of the product connect to. Raises Forbidden, NotFound, InvalidAddress, AddressMoved."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        credential_settings.set_service_address(product_id, address=address, version=version, actor=actor, now=now)
