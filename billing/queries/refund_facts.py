"""Loading what refunds and credit notes are planned with."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from billing.disputes.models import Dispute
from billing.disputes.states import OPEN as UNDECIDED
from billing.documents.models import CreditNoteLine, Invoice, InvoiceLine, Payment
from billing.documents.states import InvoiceStatus, LineKind
from billing.refunds.models import PaymentReturn
from billing.rules.facts import LineRef
from billing.rules.refunds.facts import CreditableLine, DocumentFacts, PaymentFacts
from billing.tax.rules.amounts import Charged, parts_from
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period


def payment_facts(partner_id: UUID, payment_id: UUID) -> PaymentFacts:
    """Under the customer's lock where it decides. Raises NotFound alike for another partner's."""
    row = Payment.objects.for_partner(partner_id).filter(pk=payment_id).select_related("invoice").first()
    if row is None:
        raise NotFound("There is no such payment.", field="payment")
    back = PaymentReturn.objects.for_partner(partner_id).filter(payment=row).first()
    contested = Dispute.objects.for_partner(partner_id).filter(payment=row, status__in=UNDECIDED).exists()
    return PaymentFacts(
        id=row.pk,
        document=_document(partner_id, row.invoice),
        amount=row.money,
        source=row.source,
        gateway=row.gateway,
        charge_ref=row.gateway_id if row.gateway else "",
        method_text=row.method_text,
        recorded_at=row.recorded_at,
        refunded=Money(back.refunded if back else 0, row.currency),
        disputed=Money(back.disputed if back else 0, row.currency),
        contested=contested,
    )


def document_facts(partner_id: UUID, invoice_id: UUID) -> DocumentFacts:
    """As `payment_facts`."""
    row = Invoice.objects.for_partner(partner_id).filter(pk=invoice_id).first()
    if row is None:
        raise NotFound("There is no such invoice.", field="invoice")
    return _document(partner_id, row)


def _document(partner_id: UUID, row: Invoice) -> DocumentFacts:
    lines = list(InvoiceLine.objects.for_partner(partner_id).filter(invoice=row, amount__gt=0).order_by("position"))
    taken = _taken(partner_id, [line.pk for line in lines])
    found = tuple(_line(line, row, taken[line.pk]) for line in lines)
    return DocumentFacts(
        id=row.pk,
        label=row.label,
        version=row.version,
        status=InvoiceStatus(row.status),
        subscription_id=row.subscription_id,
        total=row.total,
        due=row.due,
        owed=Money(row.total_amount - row.credit_amount - row.paid_amount - row.reduced_amount, row.currency),
        paid=Money(row.paid_amount, row.currency),
        credited=Money(sum(one.net + sum(one.taxes) for one in taken.values()), row.currency),
        reduced=Money(row.reduced_amount, row.currency),
        lines=found,
    )


@dataclass
class _Took:
    """What credits took off one line, in minor units, and off each of its taxes in their order."""

    net: int = 0
    taxes: list[int] = field(default_factory=list)

    def add(self, net: int, taxes: list[int]) -> None:
        self.net += net
        before = self.taxes or [0] * len(taxes)
        self.taxes = [took + tax for took, tax in zip(before, taxes, strict=True)]


def _taken(partner_id: UUID, line_ids: list[UUID]) -> defaultdict[UUID, _Took]:
    """By line, from invoices that are not void, whether paid yet or not, and from credit notes."""
    invoiced = InvoiceLine.objects.for_partner(partner_id).exclude(invoice__status=InvoiceStatus.VOID)
    noted = CreditNoteLine.objects.for_partner(partner_id)
    taken: defaultdict[UUID, _Took] = defaultdict(_Took)
    for sign, rows in ((-1, invoiced), (1, noted)):
        found = rows.filter(credits_line__in=line_ids).values_list("credits_line_id", "amount", "taxes")
        for line_id, amount, taxes in found:
            taken[line_id].add(sign * amount, [sign * one["amount"] for one in taxes])
    return taken


def _line(line: InvoiceLine, invoice: Invoice, took: _Took) -> CreditableLine:
    starts_on, ends_on = (
        line.period_starts_on or invoice.period_starts_on,
        line.period_ends_on or invoice.period_ends_on,
    )
    if starts_on is None or ends_on is None:
        raise ValueError("this invoice is for no term")
    parts = parts_from(line.taxes, invoice.currency)
    off = tuple(took.taxes) if took.taxes else (0,) * len(parts)
    taxed = Charged(Money(line.amount, invoice.currency), parts, Money(took.net, invoice.currency), off)
    return CreditableLine(
        ref=LineRef(line_id=line.pk),
        kind=LineKind(line.kind),
        text=line.text,
        quantity=line.quantity,
        period=Period(starts_on, ends_on),
        amount=Money(line.amount + line.tax_amount, invoice.currency),
        left=taxed.left + taxed.tax_left,
        taxed=taxed,
    )
