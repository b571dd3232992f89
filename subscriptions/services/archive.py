"""Taking a plan off the shelf; those who hold it keep it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from subscriptions.models import Plan


class AlreadyArchived(Conflict):
    """The plan is off the shelf already."""

    code = "already_archived"


def archive_plan(plan_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Ends the sale of a plan, in the open scope. Raises NotFound, AlreadyArchived."""
    plan = Plan.objects.for_partner(actor.partner_id).select_for_update().filter(pk=plan_id).first()
    if plan is None:
        raise NotFound("There is no such plan.", field="plan")
    if plan.archived_at is not None:
        raise AlreadyArchived(f"“{plan.name}” is archived already.", field="plan")
    plan.archived_at = now
    plan.save(update_fields=["archived_at"])
    record([EventDraft("plan.archived", "plan", plan.pk, 2)], actor=actor, action_id=uuid7(), now=now)
