"""Taking products and plans off the shelf, and putting them back; those who hold a plan keep it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from subscriptions.models import Plan, Product
from subscriptions.services.catalogue_changes import locked_plan, locked_product


class AlreadyArchived(Conflict):
    """It is off the shelf already."""

    code = "already_archived"


class NotArchived(Conflict):
    """It is on the shelf already."""

    code = "not_archived"


def archive_plan(plan_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Ends the sale of a plan, in the open scope. Raises NotFound, AlreadyArchived."""
    _archive(locked_plan(plan_id, actor), "plan", actor=actor, now=now)


def restore_plan(plan_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Lets a plan be sold again, in the open scope. Raises NotFound, NotArchived."""
    _restore(locked_plan(plan_id, actor), "plan", actor=actor, now=now)


def archive_product(product_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Ends the sale of all its plans, which stay as they are themselves. Raises NotFound, AlreadyArchived."""
    _archive(locked_product(product_id, actor), "product", actor=actor, now=now)


def restore_product(product_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Lets those of its plans be sold again that are not archived themselves. Raises NotFound, NotArchived."""
    _restore(locked_product(product_id, actor), "product", actor=actor, now=now)


def _archive(row: Plan | Product, kind: str, *, actor: Actor, now: datetime) -> None:
    if row.archived_at is not None:
        raise AlreadyArchived(f"“{row.name}” is archived already.", field=kind)
    _write(row, now, f"{kind}.archived", kind, actor=actor, now=now)


def _restore(row: Plan | Product, kind: str, *, actor: Actor, now: datetime) -> None:
    if row.archived_at is None:
        raise NotArchived(f"“{row.name}” is on sale already.", field=kind)
    _write(row, None, f"{kind}.restored", kind, actor=actor, now=now)


def _write(
    row: Plan | Product, archived_at: datetime | None, event: str, kind: str, *, actor: Actor, now: datetime
) -> None:
    row.archived_at = archived_at
    row.version += 1
    row.save(update_fields=["archived_at", "version"])
    record([EventDraft(event, kind, row.pk, row.version)], actor=actor, action_id=uuid7(), now=now)
