"""Writing refunds: the intent before the gateway is asked, or what somebody gave back outside of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F

from billing.refunds.models import PaymentReturn, Refund
from billing.refunds.states import RefundSource, RefundStatus
from billing.rules.plan import BillingPlan
from partnerpanel.kernel.money import Money
from partnerpanel.queues.wake import wake


def intend(plans: Sequence[BillingPlan], *, partner_id: UUID, now: datetime) -> None:
    """Writes the plans' refunds under the customers' locks; those for a gateway are due at once and wake a worker.

    Raises IntegrityError for more than the payment was.
    """
    new = [(plan, plan.refund) for plan in plans if plan.refund]
    for plan, draft in new:
        hold_back(partner_id, draft.payment_id, payment_amount=draft.payment_amount, refunded=draft.amount)
        asked = draft.source is RefundSource.GATEWAY
        Refund.objects.create(
            id=draft.id,
            partner_id=partner_id,
            customer_id=plan.facts.customer_id,
            subscription_id=plan.facts.subscription_id,
            payment_id=draft.payment_id,
            credit_note_id=draft.credit_note_id,
            source=draft.source,
            status=RefundStatus.INTENT if asked else RefundStatus.SUCCEEDED,
            reason=draft.reason,
            access=draft.access,
            currency=draft.amount.currency,
            amount=draft.amount.amount,
            note=draft.note,
            gateway=draft.gateway,
            charge_ref=draft.charge_ref,
            method_text=draft.method_text,
            requested_at=now,
            settled_at=None if asked else now,
            due_at=now if asked else None,
        )
    if any(draft.source is RefundSource.GATEWAY for _, draft in new):
        wake("refunds", partner_id)


def hold_back(
    partner_id: UUID,
    payment_id: UUID,
    *,
    payment_amount: Money,
    refunded: Money | None = None,
    disputed: Money | None = None,
) -> None:
    """Adds to what of the payment goes back; below zero for what does not after all. Raises IntegrityError for more
    refunds than the payment was."""
    rows = PaymentReturn.objects.for_partner(partner_id)
    rows.bulk_create(
        [PaymentReturn(partner_id=partner_id, payment_id=payment_id, amount=payment_amount.amount)],
        ignore_conflicts=True,
    )
    rows.filter(payment=payment_id).update(
        refunded=F("refunded") + (refunded.amount if refunded else 0),
        disputed=F("disputed") + (disputed.amount if disputed else 0),
    )
