"""What happens to documents, as their moves and their own events."""

from __future__ import annotations

from typing import Any

from billing.documents.states import InvoiceStatus
from billing.rules.facts import BillingFacts, InvoiceFacts
from billing.rules.plan import CreditNoteDraft, InvoiceDraft, InvoiceMove, PaymentDraft
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period

# In what is paid under a policy that gives bonus months: which subscription is to be looked at for one.
LOYALTY = "loyalty"


def issued(facts: BillingFacts, invoice: InvoiceDraft) -> EventDraft:
    """The invoice's own first event."""
    data = {"subscription": str(facts.subscription_id), "term": invoice.term_number}
    return EventDraft("invoice.issued", "invoice", invoice.id, 1, facts.customer_id, data)


def noted(facts: BillingFacts, note: CreditNoteDraft) -> EventDraft:
    """The credit note's own event."""
    data = {
        "subscription": str(facts.subscription_id),
        "reason": note.reason,
        "amount": [note.total.amount, note.total.currency],
    }
    return EventDraft("credit_note.issued", "credit_note", note.id, 1, facts.customer_id, data)


def corrected(
    facts: BillingFacts, invoice: InvoiceDraft, *, of: str, credit_note: CreditNoteDraft | None = None
) -> EventDraft:
    """What the customer is told of: an object of its own, as neither document is changed by it. `of` is the number of
    the invoice whose place the new one takes; a paid one is given back by the credit note."""
    data = {
        "subscription": str(facts.subscription_id),
        "invoice": str(invoice.id),
        "number": of,
        "amount": [invoice.total.amount, invoice.total.currency],
    }
    if credit_note is not None:
        data["credit_note"] = str(credit_note.id)
    if invoice.due:
        data["due"] = [invoice.due.amount, invoice.due.currency]
    return EventDraft("invoice.corrected", "invoice_correction", invoice.id, 1, facts.customer_id, data)


def received(facts: BillingFacts, payment: PaymentDraft, period: Period, *, left: Money | None = None) -> EventDraft:
    """The payment's own event, with the days that it pays for; `left` is what is due still."""
    data: dict[str, Any] = {
        "subscription": str(facts.subscription_id),
        "invoice": str(payment.invoice_id),
        "amount": [payment.amount.amount, payment.amount.currency],
        "from": period.starts_on.isoformat(),
        "on": period.ends_on.isoformat(),
    }
    if left is not None:
        data["still_due"] = [left.amount, left.currency]
    return EventDraft("payment.received", "payment", payment.id, 1, facts.customer_id, data)


def paid(facts: BillingFacts, invoice: InvoiceFacts | InvoiceDraft) -> tuple[InvoiceMove, EventDraft]:
    """The invoice is paid in full; one that is issued just now has its first version."""
    version, before = (invoice.version, invoice.paid) if isinstance(invoice, InvoiceFacts) else (1, None)
    loyal = {LOYALTY: str(facts.subscription_id)} if facts.policy.policy.loyalty.enabled else {}
    event = EventDraft("invoice.paid", "invoice", invoice.id, version + 1, facts.customer_id, loyal)
    return InvoiceMove(invoice.id, version, InvoiceStatus.PAID, invoice.due + before if before else invoice.due), event


def paid_in_part(facts: BillingFacts, invoice: InvoiceFacts, amount: Money) -> tuple[InvoiceMove, EventDraft]:
    """Less than is due came: the invoice stays open with the rest."""
    event = EventDraft("invoice.paid_in_part", "invoice", invoice.id, invoice.version + 1, facts.customer_id)
    so_far = amount + invoice.paid if invoice.paid else amount
    return InvoiceMove(invoice.id, invoice.version, InvoiceStatus.OPEN, so_far), event


def voided(facts: BillingFacts, invoice: InvoiceFacts) -> tuple[InvoiceMove, EventDraft]:
    """The invoice is taken back; what it had taken from the balance, or was paid of it, goes there."""
    event = EventDraft("invoice.voided", "invoice", invoice.id, invoice.version + 1, facts.customer_id)
    return InvoiceMove(invoice.id, invoice.version, InvoiceStatus.VOID, given_back=invoice.held), event


def voiding(facts: BillingFacts) -> tuple[InvoiceMove | None, tuple[EventDraft, ...]]:
    """Takes what is being collected back; nothing where nothing is."""
    if facts.invoice is None:
        return None, ()
    move, event = voided(facts, facts.invoice)
    return move, (event,)
