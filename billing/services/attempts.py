"""Writing attempts: the intent before the gateway is asked, and what it answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from billing.charging.models import PaymentAttempt
from billing.charging.states import AttemptStatus
from billing.rules.plan import BillingPlan
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.bulk import insert_rows, update_rows

INTENT = (
    "id",
    "invoice",
    "customer",
    "subscription",
    "ordinal",
    "purpose",
    "status",
    "currency",
    "amount",
    "gateway",
    "method_id",
    "method_ref",
    "method_text",
    "made_at",
    "due_at",
)
SETTLED = (AttemptStatus.SUCCEEDED, AttemptStatus.DECLINED)


def intend(plans: Sequence[BillingPlan], *, partner_id: UUID, now: datetime) -> None:
    """Writes the intents, due at once, and wakes a worker to ask."""
    rows = [
        (
            plan.attempt.id,
            plan.attempt.invoice_id,
            plan.facts.customer_id,
            plan.facts.subscription_id,
            plan.attempt.ordinal,
            plan.attempt.purpose,
            AttemptStatus.INTENT,
            plan.attempt.amount.currency,
            plan.attempt.amount.amount,
            plan.attempt.method.gateway,
            plan.attempt.method.id,
            plan.attempt.method.ref,
            plan.attempt.method.text[:60],
            now,
            now,
        )
        for plan in plans
        if plan.attempt
    ]
    if rows:
        insert_rows(PaymentAttempt, partner_id=partner_id, columns=INTENT, rows=rows)
        wake("charges", partner_id)


def settle(plans: Sequence[BillingPlan], *, partner_id: UUID, now: datetime) -> None:
    """Writes the answers. One that is final is due no more; one without an answer is asked for again."""
    columns = [
        "status",
        "gateway_id",
        "decline_code",
        "decline_kind",
        "action_url",
        "settled_at",
        "due_at",
        "leased_until",
        "parked_at",
        "last_error",
    ]
    rows = []
    for plan in plans:
        if plan.settled is None:
            continue
        answer = plan.settled
        rows.append(
            (
                answer.id,
                answer.status,
                answer.gateway_id[:100],
                answer.decline_code[:60],
                answer.decline_kind,
                answer.action_url[:500],
                now if answer.status in SETTLED else None,
                answer.again_at,
                None,
                now if answer.parked else None,
                answer.parked[:500],
            )
        )
    update_rows(PaymentAttempt, partner_id=partner_id, columns=columns, rows=rows)
