"""Writing attempts: the intent before the gateway is asked, and what it answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from billing.charging.models import PaymentAttempt
from billing.charging.states import AttemptStatus
from billing.rules.plan import BillingPlan
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.bulk import update_rows

BATCH = 1_000
SETTLED = (AttemptStatus.SUCCEEDED, AttemptStatus.DECLINED)


def intend(plans: Sequence[BillingPlan], *, partner_id: UUID, now: datetime) -> None:
    """Writes the intents, due at once, and wakes a worker to ask."""
    rows = [
        PaymentAttempt(
            id=plan.attempt.id,
            partner_id=partner_id,
            invoice_id=plan.attempt.invoice_id,
            customer_id=plan.facts.customer_id,
            subscription_id=plan.facts.subscription_id,
            ordinal=plan.attempt.ordinal,
            purpose=plan.attempt.purpose,
            status=AttemptStatus.INTENT,
            currency=plan.attempt.amount.currency,
            amount=plan.attempt.amount.amount,
            gateway=plan.attempt.method.gateway,
            method_id=plan.attempt.method.id,
            method_ref=plan.attempt.method.ref,
            method_text=plan.attempt.method.text[:60],
            made_at=now,
            due_at=now,
        )
        for plan in plans
        if plan.attempt
    ]
    if rows:
        PaymentAttempt.objects.bulk_create(rows, batch_size=BATCH)
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
