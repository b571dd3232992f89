"""Money for an invoice that had been given up, or for the customer out of its balance."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from billing.documents.models import Invoice
from billing.documents.states import InvoiceStatus, PaymentSource
from billing.ledger.models import Balance
from billing.queries.facts import load
from billing.queries.refund_facts import payment_facts
from billing.refunds.models import Refund
from billing.refunds.states import BY_HAND as REFUNDS_BY_HAND
from billing.refunds.states import RefundReason, RefundSource, RefundStatus
from billing.rules.plan import BillingPlan, InvoiceMove, PaymentDraft
from billing.services.apply import apply
from billing.services.ledger import Movement, move
from billing.services.pay import BY_HAND, NOTE_LENGTH, InvalidPayment
from billing.services.refunds import hold_back
from customers.queries.facts import identities
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.refund import RefundAccess
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.actor import Actor


class NotGivenUp(Conflict):
    """The invoice is not among those that were given up."""

    code = "not_given_up"


class BalanceTooSmall(Conflict):
    """More than the customer has in credit, or than the payment it is to go back to has left."""

    code = "balance_too_small"


def recover(
    invoice_id: UUID, *, source: PaymentSource, received_on: date, note: str, actor: Actor, now: datetime
) -> UUID:
    """Books the whole of what is left of an invoice that was given up; it is paid then, and nothing else changes.

    In the open scope. Returns the payment's id. Raises NotFound, NotGivenUp, InvalidPayment naming the field.
    """
    if source not in BY_HAND:
        raise InvalidPayment("Say how it came: bank, cash or other.", field="source")
    if not 1 <= len(note.strip()) <= NOTE_LENGTH:
        raise InvalidPayment("A note of at most 500 letters says where the money is.", field="note")
    found = Invoice.objects.for_partner(actor.partner_id).filter(pk=invoice_id).first()
    if found is None or found.subscription_id is None:
        raise NotFound("There is no such invoice.", field="invoice")
    facts = load(actor.partner_id, [found.subscription_id], now=now, lock=True)[found.subscription_id]
    found.refresh_from_db()
    if found.status != InvoiceStatus.UNCOLLECTIBLE:
        raise NotGivenUp("This invoice was not given up, or is paid by now.")
    if received_on > facts.today(now):
        raise InvalidPayment("A payment is received today or earlier.", field="received_on")
    before = Money(found.paid_amount, found.currency)
    owed = Money(found.total_amount - found.credit_amount - found.reduced_amount, found.currency) - before
    payment = PaymentDraft(uuid7(), found.pk, source, owed, received_on, note=note.strip())
    data = {"payment": str(payment.id), "amount": [owed.amount, owed.currency]}
    event = EventDraft("invoice.recovered", "invoice", found.pk, found.version + 1, found.customer_id, data)
    move = InvoiceMove(found.pk, found.version, InvoiceStatus.PAID, before + owed)
    apply([BillingPlan(facts, events=(event,), move=move, payment=payment)], actor=actor, action_id=uuid7(), now=now)
    return payment.id


def refund_balance(
    customer_id: UUID,
    *,
    amount: Money,
    source: RefundSource,
    payment_id: UUID | None,
    reason: RefundReason,
    note: str,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Pays out what a customer has in credit: back to a card payment of theirs, or recorded by hand with a note.

    In the open scope; returns the refund's id. Raises NotFound, BalanceTooSmall, InvalidPayment naming the field.
    """
    if amount.amount <= 0:
        raise InvalidPayment("An amount is above zero.", field="amount")
    if not 1 <= len(note.strip()) <= NOTE_LENGTH:
        raise InvalidPayment("A note of at most 500 letters says where the money is.", field="note")
    if customer_id not in identities(actor.partner_id, {customer_id}, lock=True):
        raise NotFound("There is no such customer.", field="customer")
    balance = Balance.objects.for_partner(actor.partner_id).filter(customer=customer_id, currency=amount.currency)
    if sum(balance.values_list("amount", flat=True)) < amount.amount:
        raise BalanceTooSmall("The customer does not have that much in credit.", field="amount")
    row = Refund(
        partner_id=actor.partner_id,
        customer_id=customer_id,
        source=source,
        status=RefundStatus.SUCCEEDED,
        reason=reason,
        access=RefundAccess.KEEP,
        currency=amount.currency,
        amount=amount.amount,
        note=note.strip(),
        requested_at=now,
        settled_at=now,
    )
    if source not in REFUNDS_BY_HAND:
        _by_gateway(row, payment_id, amount, now)
    row.save(force_insert=True)
    paid_out = Movement(customer_id=customer_id, amount=-amount, reason="paid_out", refund_id=row.pk)
    move(actor.partner_id, [paid_out], now=now)
    kind = "refund.requested" if row.source == RefundSource.GATEWAY else "refund.recorded"
    data = {"amount": [amount.amount, amount.currency], "source": row.source, "of": "balance"}
    event = EventDraft(kind, "refund", row.pk, 1, customer_id, data, {"note": row.note})
    record([event], actor=actor, action_id=uuid7(), now=now)
    wake("refunds", actor.partner_id)
    refund_id: UUID = row.pk
    return refund_id


def _by_gateway(row: Refund, payment_id: UUID | None, amount: Money, now: datetime) -> None:
    """Back to the card that paid, as far as anything of that payment is left."""
    if payment_id is None:
        raise InvalidPayment("Choose the payment that it goes back to.", field="payment")
    paid = payment_facts(row.partner_id, payment_id)
    if not paid.charge_ref or paid.contested or amount.currency != paid.amount.currency or amount > paid.left:
        raise BalanceTooSmall("That is more than can go back to this payment.", field="amount")
    hold_back(row.partner_id, payment_id, payment_amount=paid.amount, refunded=amount)
    row.payment_id, row.gateway, row.charge_ref = payment_id, paid.gateway, paid.charge_ref
    row.method_text = paid.method_text
    row.status, row.settled_at, row.due_at = RefundStatus.INTENT, None, now
