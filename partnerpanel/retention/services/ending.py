"""The end of what nonpayment has blocked for as long as the policy keeps its data."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from billing.queries.change_facts import load_changes
from billing.rules.steps import plan_end
from billing.services.apply import apply
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.leaving import leaving_of

WHY = "retention"


def end_unpaid(customer_ids: Collection[UUID], *, actor: Actor, action_id: UUID, now: datetime) -> None:
    """Ends, in the open scope, those of the customers' subscriptions that have not ended; what is owed is not wanted
    any more. One of which a charge is under way stays as it is."""
    leaving, _held = leaving_of(actor.partner_id, customer_ids)
    ids = [one.id for its in leaving.values() for one in its if one.ended_at is None]
    if not ids:
        return
    facts = load_changes(actor.partner_id, ids, now=now, lock=True)
    plans = [plan_end(one.billing, now=now, why=WHY) for one in facts.values() if not one.billing.is_charging]
    apply(plans, actor=actor, action_id=action_id, now=now)
