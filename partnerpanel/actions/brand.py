"""How the partner looks and signs, changed by its people."""

from __future__ import annotations

from datetime import datetime

from partnerpanel.actions.permission import Permission, permit
from partnerpanel.brand import services
from partnerpanel.brand.pictures import picture_of
from partnerpanel.brand.rules.checks import Brand, InvalidBrand
from partnerpanel.brand.services import BrandMoved
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

__all__ = ["BrandMoved", "InvalidBrand", "remove_logo", "set_brand", "set_logo"]


def set_brand(brand: Brand, *, version: int, actor: Actor, now: datetime) -> None:
    """From the next document, mail and page on. Raises Forbidden, InvalidBrand naming the field, BrandMoved."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        services.set_brand(brand, version=version, actor=actor, now=now)


def set_logo(upload: bytes, *, version: int, actor: Actor, now: datetime) -> None:
    """The picture is read and drawn anew before any transaction. Raises Forbidden, InvalidBrand, BrandMoved."""
    permit(actor, Permission.MANAGE_SETTINGS)
    picture = picture_of(upload)
    with tenant(actor.partner_id):
        services.set_logo(picture, version=version, actor=actor, now=now)


def remove_logo(*, version: int, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, BrandMoved."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        services.remove_logo(version=version, actor=actor, now=now)
