"""A customer's money on one page: what comes next, what is in credit, what it pays with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing.ledger.models import Balance
from billing.methods.queries import Method, kept_methods
from billing.queries.attention import CaseLine, cases
from billing.queries.credit_notes import CreditNoteRow, credit_notes_of
from billing.queries.facts import load
from billing.queries.invoice_list import InvoiceLineOfList, invoices_of
from billing.queries.invoice_page import PaymentView, payments_of
from billing.queries.returns import DisputeRow, RefundRow, disputes_of, refunds_of
from billing.rules.facts import InvoiceFacts
from billing.rules.next_charge import NextCharge, next_charge
from partnerpanel.kernel.money import Money
from subscriptions.rules.states import Lifecycle

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Coming:
    """The next charge of one subscription, and its open case. `payable`: something is owed that can be paid now.

    `change` is the invoice that a change waits for; `is_charging`: a charge is under way. `card` is what is
    charged, one of its own or the default; empty without any, and for one that has ended.
    """

    subscription_id: UUID
    plan_name: str
    charge: NextCharge
    case: CaseLine | None
    payable: bool
    change: InvoiceFacts | None
    is_charging: bool
    card: str
    has_own_card: bool


@dataclass(frozen=True, slots=True)
class CustomerMoney:
    coming: Sequence[Coming]
    balances: Sequence[Money]
    cards: Sequence[Method]
    invoices: Sequence[InvoiceLineOfList]
    payments: Sequence[PaymentView]
    credit_notes: Sequence[CreditNoteRow]
    refunds: Sequence[RefundRow]
    disputes: Sequence[DisputeRow]

    @property
    def card(self) -> Method | None:
        """The one that is charged."""
        return next((one for one in self.cards if one.is_default), None)


def customer_money(
    partner_id: UUID, customer_id: UUID, subscription_ids: Collection[UUID], *, now: datetime
) -> CustomerMoney:
    """In a constant number of queries; `subscription_ids` are the customer's, in the order to show."""
    found = load(partner_id, subscription_ids, now=now)
    lines = cases(partner_id, found, now=now)
    coming = [
        Coming(
            subscription_id=id_,
            plan_name=found[id_].plan_name,
            charge=next_charge(found[id_], now=now),
            case=lines[id_][0] if id_ in lines else None,
            payable=found[id_].invoice is not None or id_ in lines,
            change=found[id_].change_invoice,
            is_charging=found[id_].is_charging,
            card=method.text if (method := found[id_].method) and found[id_].lifecycle is not Lifecycle.ENDED else "",
            has_own_card=found[id_].has_own_card,
        )
        for id_ in subscription_ids
        if id_ in found
    ]
    return CustomerMoney(
        coming=coming,
        balances=balances_of(partner_id, customer_id),
        cards=kept_methods(partner_id, customer_id),
        invoices=invoices_of(partner_id, customer_id, limit=SHOWN),
        payments=payments_of(partner_id, customer_id, limit=SHOWN),
        credit_notes=credit_notes_of(partner_id, customer_id, limit=SHOWN),
        refunds=refunds_of(partner_id, customer_id=customer_id, limit=SHOWN),
        disputes=disputes_of(partner_id, customer_id=customer_id, limit=SHOWN),
    )


def balances_of(partner_id: UUID, customer_id: UUID) -> list[Money]:
    """What the customer has in credit, by currency."""
    rows = Balance.objects.for_partner(partner_id).filter(customer=customer_id, amount__gt=0).order_by("currency")
    return [Money(row.amount, row.currency) for row in rows]
