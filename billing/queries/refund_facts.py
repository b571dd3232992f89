"""Loading what refunds and credit notes are planned with."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from billing.disputes.models import Dispute
from billing.disputes.states import OPEN as UNDECIDED
from billing.documents.models import CreditNoteLine, Invoice, InvoiceLine, Payment
from billing.documents.states import InvoiceStatus, LineKind
from billing.refunds.models import PaymentReturn
from billing.rules.facts import LineRef
from billing.rules.refunds.facts import CreditableLine, DocumentFacts, PaymentFacts
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
        credited=Money(sum(taken.values()), row.currency),
        reduced=Money(row.reduced_amount, row.currency),
        lines=found,
    )


def _taken(partner_id: UUID, line_ids: list[UUID]) -> Counter[UUID]:
    """What credits took off each line: on invoices that are not void, whether paid yet or not, and on credit notes."""
    invoiced = InvoiceLine.objects.for_partner(partner_id).exclude(invoice__status=InvoiceStatus.VOID)
    noted = CreditNoteLine.objects.for_partner(partner_id)
    taken: Counter[UUID] = Counter()
    for sign, rows in ((-1, invoiced), (1, noted)):
        for line_id, amount in rows.filter(credits_line__in=line_ids).values_list("credits_line_id", "amount"):
            taken[line_id] += sign * amount
    return taken


def _line(line: InvoiceLine, invoice: Invoice, taken: int) -> CreditableLine:
    starts_on, ends_on = (
        line.period_starts_on or invoice.period_starts_on,
        line.period_ends_on or invoice.period_ends_on,
    )
    if starts_on is None or ends_on is None:
        raise ValueError("this invoice is for no term")
    return CreditableLine(
        ref=LineRef(line_id=line.pk),
        kind=LineKind(line.kind),
        text=line.text,
        quantity=line.quantity,
        period=Period(starts_on, ends_on),
        amount=Money(line.amount, invoice.currency),
        left=Money(line.amount - taken, invoice.currency),
    )
