"""Money for a part of an invoice: it stays open with the rest. Pure."""

from __future__ import annotations

from billing.rules.facts import BillingFacts, InvoiceFacts
from billing.rules.papers import paid_in_part, received
from billing.rules.plan import BillingPlan, PaymentDraft


def plan_paid_in_part(facts: BillingFacts, invoice: InvoiceFacts, payment: PaymentDraft) -> BillingPlan:
    """Less came than is due. Parts add up, and the one that covers the rest does what a whole payment does.

    Until then nothing opens, and collection goes on: retries charge the rest.
    """
    left = invoice.due - payment.amount
    if left.amount <= 0:
        raise ValueError("a part of an invoice is less than what is due")
    move, event = paid_in_part(facts, invoice, payment.amount)
    came = received(facts, payment, invoice.period, left=left)
    return BillingPlan(facts, events=(came, event), move=move, payment=payment)
