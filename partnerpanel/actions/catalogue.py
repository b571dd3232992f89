"""The catalogue by people: what may be sold, at which price, and what is taken off the shelf."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from uuid import UUID

from partnerpanel.actions.permission import Permission, permit
from partnerpanel.events.queries import of_object
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.catalogue import plan_terms
from subscriptions.rules.catalogue import Changes, PlanChange, merged, plan_changes
from subscriptions.services import archive, catalogue, catalogue_changes
from subscriptions.services.catalogue_changes import CatalogueMoved

__all__ = [
    "CatalogueMoved",
    "archive_plan",
    "archive_product",
    "change_plan",
    "changed_since",
    "create_plan",
    "create_product",
    "preview_change",
    "rename_product",
    "restore_plan",
    "restore_product",
]

MOST_TOLD = 100


def create_product(*, name: str, actor: Actor, now: datetime) -> UUID:
    """Raises Forbidden, InvalidPlan, NameTaken."""
    permit(actor, Permission.EDIT_CATALOGUE)
    with tenant(actor.partner_id):
        return catalogue.create_product(name=name, actor=actor, now=now)


def rename_product(product_id: UUID, *, name: str, version: int, actor: Actor, now: datetime) -> Changes:
    """Raises Forbidden, NotFound, CatalogueMoved, InvalidPlan, NameTaken."""
    permit(actor, Permission.EDIT_CATALOGUE)
    with tenant(actor.partner_id):
        return catalogue_changes.rename_product(product_id, name=name, version=version, actor=actor, now=now)


def create_plan(
    *,
    product_id: UUID,
    name: str,
    interval: Interval,
    prices: Sequence[Money],
    rank: int,
    allowances: Mapping[str, int],
    actor: Actor,
    now: datetime,
) -> UUID:
    """Raises Forbidden, NotFound, InvalidPlan, NameTaken."""
    permit(actor, Permission.EDIT_CATALOGUE)
    with tenant(actor.partner_id):
        return catalogue.create_plan(
            product_id=product_id,
            name=name,
            interval=interval,
            prices=prices,
            rank=rank,
            allowances=allowances,
            actor=actor,
            now=now,
        )


def preview_change(plan_id: UUID, change: PlanChange, *, actor: Actor) -> Changes:
    """What changing would write; writes nothing. Raises Forbidden, NotFound, InvalidPlan, IntervalHeld."""
    permit(actor, Permission.EDIT_CATALOGUE)
    with tenant(actor.partner_id):
        return plan_changes(plan_terms(actor.partner_id, plan_id), change)


def change_plan(plan_id: UUID, change: PlanChange, *, version: int, actor: Actor, now: datetime) -> Changes:
    """Raises Forbidden, NotFound, CatalogueMoved, InvalidPlan, NameTaken, IntervalHeld."""
    permit(actor, Permission.EDIT_CATALOGUE)
    with tenant(actor.partner_id):
        return catalogue_changes.change_plan(plan_id, change, version=version, actor=actor, now=now)


def changed_since(object_type: str, object_id: UUID, version: int, *, actor: Actor) -> Changes:
    """What others have changed about a product or plan after this version, told as one change."""
    permit(actor, Permission.VIEW)
    with tenant(actor.partner_id):
        entries = of_object(actor.partner_id, object_type, object_id, limit=MOST_TOLD, after=version)
        told: list[Changes] = [entry.data.get("changes", {}) for entry in reversed(entries)]
        return reduce(merged, told, {})


def archive_plan(plan_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, NotFound, AlreadyArchived."""
    _shelve(archive.archive_plan, plan_id, actor=actor, now=now)


def restore_plan(plan_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, NotFound, NotArchived."""
    _shelve(archive.restore_plan, plan_id, actor=actor, now=now)


def archive_product(product_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, NotFound, AlreadyArchived."""
    _shelve(archive.archive_product, product_id, actor=actor, now=now)


def restore_product(product_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, NotFound, NotArchived."""
    _shelve(archive.restore_product, product_id, actor=actor, now=now)


def _shelve(verb: Callable[..., None], id_: UUID, *, actor: Actor, now: datetime) -> None:
    permit(actor, Permission.EDIT_CATALOGUE)
    with tenant(actor.partner_id):
        verb(id_, actor=actor, now=now)
