"""Money outside of a subscription's verbs: a debt that is paid after all, and a balance that is paid out."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from billing.documents.states import PaymentSource
from billing.refunds.at_once import ask_for_refunds
from billing.refunds.states import RefundReason, RefundSource, RefundStatus
from billing.services import recover as services
from billing.services.recover import BalanceTooSmall, NotGivenUp
from partnerpanel.actions.permission import Permission, permit
from partnerpanel.events.consumers import Foreseen, foresee
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

__all__ = ["BalanceTooSmall", "NotGivenUp", "mails_of_payout", "recover", "refund_balance"]


def recover(
    invoice_id: UUID, *, source: PaymentSource, received_on: date, note: str, actor: Actor, now: datetime
) -> UUID:
    """Books what came for an invoice that had been given up. Raises Forbidden, and what the service refuses."""
    permit(actor, Permission.RECORD_PAYMENT)
    with tenant(actor.partner_id):
        return services.recover(invoice_id, source=source, received_on=received_on, note=note, actor=actor, now=now)


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
) -> RefundStatus:
    """Pays a customer's balance out, or part of it; where that stands then. Raises Forbidden, and what the service
    refuses."""
    permit(actor, Permission.REFUND)
    with tenant(actor.partner_id):
        refund_id = services.refund_balance(
            customer_id,
            amount=amount,
            source=source,
            payment_id=payment_id,
            reason=reason,
            note=note,
            actor=actor,
            now=now,
        )
    return ask_for_refunds(actor.partner_id, [refund_id], now=now)[refund_id]


def mails_of_payout(customer_id: UUID, amount: Money, *, by_gateway: bool, actor: Actor) -> list[Foreseen]:
    """The mails that paying out so much would send, in a scope of its own."""
    kind = "refund.requested" if by_gateway else "refund.recorded"
    data = {"amount": [amount.amount, amount.currency]}
    with tenant(actor.partner_id):
        return list(foresee([EventDraft(kind, "refund", uuid7(), 1, customer_id, data)]))
