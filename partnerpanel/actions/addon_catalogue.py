"""Add-ons of the catalogue by people: what may be sold beside a plan, and what is taken off the shelf."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.actions.permission import Permission, permit
from partnerpanel.kernel.period import Interval
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.addons import AddonKind
from subscriptions.rules.catalogue import Changes
from subscriptions.services import addon_catalogue
from subscriptions.services.addon_catalogue import AddonTerms

__all__ = ["AddonTerms", "archive_addon", "change_addon", "create_addon", "preview_addon", "restore_addon"]


def create_addon(
    *, product_id: UUID, kind: AddonKind, interval: Interval | None, terms: AddonTerms, actor: Actor, now: datetime
) -> UUID:
    """Raises Forbidden, NotFound, InvalidPlan, NameTaken."""
    permit(actor, Permission.EDIT_CATALOGUE)
    with tenant(actor.partner_id):
        return addon_catalogue.create_addon(
            product_id=product_id, kind=kind, interval=interval, terms=terms, actor=actor, now=now
        )


def preview_addon(addon_id: UUID, terms: AddonTerms, *, actor: Actor) -> Changes:
    """What changing would write; writes nothing. Raises Forbidden, NotFound, InvalidPlan."""
    permit(actor, Permission.EDIT_CATALOGUE)
    with tenant(actor.partner_id):
        return addon_catalogue.addon_changes(addon_catalogue.locked_addon(addon_id, actor), terms)


def change_addon(addon_id: UUID, terms: AddonTerms, *, version: int, actor: Actor, now: datetime) -> Changes:
    """Raises Forbidden, NotFound, CatalogueMoved, InvalidPlan, NameTaken."""
    permit(actor, Permission.EDIT_CATALOGUE)
    with tenant(actor.partner_id):
        return addon_catalogue.change_addon(addon_id, terms, version=version, actor=actor, now=now)


def archive_addon(addon_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, NotFound, AlreadyArchived."""
    permit(actor, Permission.EDIT_CATALOGUE)
    with tenant(actor.partner_id):
        addon_catalogue.archive_addon(addon_id, actor=actor, now=now)


def restore_addon(addon_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, NotFound, NotArchived."""
    permit(actor, Permission.EDIT_CATALOGUE)
    with tenant(actor.partner_id):
        addon_catalogue.restore_addon(addon_id, actor=actor, now=now)
