"""Writing access plans: holds, access, limits, events and standing, for a list of them in the open scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from customers.services.standing import set_versions
from partnerpanel.events.services import record
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import insert_rows, update_rows
from subscriptions.models import Hold, HoldEvidence, Subscription, Verification
from subscriptions.rules.access_plan import AccessPlan
from subscriptions.services.limits import write_limits
from subscriptions.services.standing import refresh_standings

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that a hold is right: a note, a file, or both."""

    note: str = ""
    file_name: str = ""
    file_type: str = ""
    content: bytes | None = None

    def __bool__(self) -> bool:
        return bool(self.note or self.content)


def apply(
    plans: Sequence[AccessPlan],
    *,
    actor: Actor,
    action_id: UUID,
    now: datetime,
    evidence: Evidence | None = None,
) -> None:
    """Writes plans made from locked facts; refused ones write nothing.

    Raises IntegrityError when another transaction took a version meanwhile, which the locks prevent.
    """
    acting = [plan for plan in plans if plan.refusal is None]
    if not acting:
        return
    partner_id = actor.partner_id
    _place(acting, partner_id=partner_id, action_id=action_id, now=now, evidence=evidence)
    released = [hold.id for plan in acting for hold in plan.released]
    Hold.objects.for_partner(partner_id).filter(pk__in=released, released_at=None).update(
        released_at=now, released_action_id=action_id
    )
    update_rows(
        Subscription,
        partner_id=partner_id,
        # Whatever waited for access is looked at again.
        columns=["access", "is_suspended", "version", "due_at"],
        rows=[
            (change.subscription_id, change.after.access, change.after.is_suspended, change.version, now)
            for plan in acting
            for change in plan.changes
        ],
    )
    versions = {plan.customer_id: plan.customer_version for plan in acting if plan.customer_version is not None}
    set_versions(partner_id, versions)
    _demand(acting, actor=actor, now=now)
    write_limits([limit for plan in acting for limit in plan.limits], actor=actor, now=now)
    record([event for plan in acting for event in plan.events], actor=actor, action_id=action_id, now=now)
    refresh_standings(partner_id, [plan.customer_id for plan in acting], now=now)


def _demand(plans: Sequence[AccessPlan], *, actor: Actor, now: datetime) -> None:
    closed = [(*plan.answered, now) for plan in plans if plan.answered]
    update_rows(Verification, partner_id=actor.partner_id, columns=["outcome", "closed_at"], rows=closed)
    opened = [
        (plan.customer_id, list(plan.demand.presets), plan.demand.asks, plan.demand.blocks, now, actor.id)
        for plan in plans
        if plan.demand
    ]
    columns = ("customer", "presets", "asks", "blocks", "asked_at", "asked_by")
    insert_rows(Verification, partner_id=actor.partner_id, columns=columns, rows=opened)


def _place(
    plans: Sequence[AccessPlan], *, partner_id: UUID, action_id: UUID, now: datetime, evidence: Evidence | None
) -> None:
    holds = [
        Hold(
            id=uuid7(),
            partner_id=partner_id,
            customer_id=plan.customer_id,
            subscription_id=draft.subscription_id,
            kind=draft.kind,
            reason=draft.reason,
            placed_at=now,
            placed_action_id=action_id,
        )
        for plan in plans
        for draft in plan.placed
    ]
    Hold.objects.bulk_create(holds, batch_size=BATCH)
    if evidence:
        HoldEvidence.objects.bulk_create(
            [
                HoldEvidence(
                    partner_id=partner_id,
                    hold=hold,
                    note=evidence.note,
                    file_name=evidence.file_name,
                    file_type=evidence.file_type,
                    content=evidence.content,
                )
                for hold in holds
            ],
            batch_size=BATCH,
        )
