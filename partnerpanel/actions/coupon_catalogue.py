"""Coupons of the catalogue by people: made, changed, taken off the shelf, put back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from partnerpanel.actions.permission import Permission, permit
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.coupons import CouponLimits
from subscriptions.services import coupon_catalogue, coupon_changes
from subscriptions.services.coupon_catalogue import CouponTerms

__all__ = ["CouponLimits", "CouponTerms", "archive_coupon", "change_coupon", "create_coupon", "restore_coupon"]


def create_coupon(terms: CouponTerms, *, actor: Actor, now: datetime) -> UUID:
    """Raises Forbidden, NotFound, InvalidCoupon, CouponCodeTaken."""
    permit(actor, Permission.EDIT_CATALOGUE)
    with tenant(actor.partner_id):
        return coupon_catalogue.create_coupon(terms, actor=actor, now=now)


def change_coupon(
    coupon_id: UUID, limits: CouponLimits, *, version: int, actor: Actor, now: datetime
) -> dict[str, Any]:
    """What changed. Raises Forbidden, NotFound, CatalogueMoved, InvalidCoupon, CouponLimitTooLow."""
    permit(actor, Permission.EDIT_CATALOGUE)
    with tenant(actor.partner_id):
        return coupon_changes.change_coupon(coupon_id, limits, version=version, actor=actor, now=now)


def archive_coupon(coupon_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, NotFound, AlreadyArchived."""
    permit(actor, Permission.EDIT_CATALOGUE)
    with tenant(actor.partner_id):
        coupon_catalogue.archive_coupon(coupon_id, actor=actor, now=now)


def restore_coupon(coupon_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, NotFound, NotArchived."""
    permit(actor, Permission.EDIT_CATALOGUE)
    with tenant(actor.partner_id):
        coupon_catalogue.restore_coupon(coupon_id, actor=actor, now=now)
