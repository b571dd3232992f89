"""Loading what refunds and credit notes are planned with."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from billing.disputes.models import Dispute
from billing.disputes.states import OPEN as UNDECIDED
from billing.documents.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine, Payment
from billing.documents.states import InvoiceStatus, LineKind
from billing.refunds.models import PaymentReturn
from billing.rules.facts import LineRef
from billing.rules.refunds.correcting import CORRECTED
from billing.rules.refunds.facts import CreditableLine, DocumentFacts, PaymentFacts
from billing.tax.rules.amounts import Charged, parts_from
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period
from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read


def payment_facts(partner_id: UUID, payment_id: UUID) -> PaymentFacts:
    """Under the customer's lock where it decides. Raises NotFound alike for another partner's."""
    row = Payment.objects.for_partner(partner_id).filter(pk=payment_id).select_related("invoice").first()
    if row is None:
        raise NotFound("There is no such payment.", field="payment")
    back = PaymentReturn.objects.for_partner(partner_id).filter(payment=row).first()
    contested = Dispute.objects.for_partner(partner_id).filter(payment=row, status__in=UNDECIDED).exists()
    return PaymentFacts(
        id=row.pk,
        document=_stands_for(partner_id, row.invoice),
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
    return document_of(partner_id, row)


def document_of(partner_id: UUID, row: Invoice) -> DocumentFacts:
    """Of an invoice that was read."""
    taken = taken_of(partner_id, row.pk)
    found = tuple(
        creditable_line(line, row, taken[line.pk]) for line in lines_of(partner_id, row.pk) if line.amount > 0
    )
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


def _stands_for(partner_id: UUID, row: Invoice) -> DocumentFacts:
    """The invoice itself, or the last that took its place: that one is paid with what the first was paid in money and
    had not given back by then."""
    # Above zero, the credit note of a correction takes back the lines of the one that is corrected, and of no other.
    found = document_of(partner_id, row)
    while after := Invoice.objects.for_partner(partner_id).filter(corrects=row).first():
        moved = CreditNote.objects.for_partner(partner_id).filter(
            reason=CORRECTED,
            pk__in=CreditNoteLine.objects.for_partner(partner_id)
            .filter(credits_line__invoice=row, amount__gt=0)
            .values("credit_note_id"),
        )
        given = found.credited - found.reduced - Money(sum(note.total_amount for note in moved), row.currency)
        paid = max(found.paid - given, Money.zero(row.currency))
        row, found = after, replace(document_of(partner_id, after), paid=paid)
    return found


@dataclass
class Took:
    """What credits took off one line, in minor units: without tax, off each of its taxes in their order, and by the
    kind of what took it."""

    net: int = 0
    taxes: list[int] = field(default_factory=list)
    kinds: Counter[LineKind] = field(default_factory=Counter)

    def add(self, kind: LineKind, net: int, taxes: list[int]) -> None:
        self.net += net
        self.kinds[kind] += net
        before = self.taxes or [0] * len(taxes)
        self.taxes = [took + tax for took, tax in zip(before, taxes, strict=True)]


def lines_of(partner_id: UUID, invoice_id: UUID) -> list[InvoiceLine]:
    """In their order."""
    return _LINES(partner_id, [invoice_id])


def taken_of(partner_id: UUID, invoice_id: UUID) -> defaultdict[UUID, Took]:
    """What credits took, by line, from invoices that are not void, whether paid yet or not, and from credit notes."""
    taken: defaultdict[UUID, Took] = defaultdict(Took)
    for sign, read in ((-1, _INVOICED), (1, _NOTED)):
        for line_id, kind, amount, taxes in read(partner_id, [invoice_id]):
            taken[line_id].add(LineKind(kind), sign * amount, [sign * one["amount"] for one in taxes])
    return taken


def document_ahead(partner_id: UUID, invoice_id: UUID) -> list[Asked]:
    """What is read of a document that was found."""
    return [Asked(read, (partner_id, [invoice_id])) for read in (_LINES, _INVOICED, _NOTED)]


_CREDITS = ("credits_line_id", "kind", "amount", "taxes")
_LINES = Read(
    lambda partner_id, ids: InvoiceLine.objects.for_partner(partner_id).filter(invoice__among=ids).order_by("position")
)
_INVOICED: Read[Any] = Read(
    lambda partner_id, ids: (
        InvoiceLine.objects.for_partner(partner_id)
        .filter(credits_line__invoice__among=ids)
        .exclude(invoice__status=InvoiceStatus.VOID)
        .values_list(*_CREDITS)
    )
)
_NOTED: Read[Any] = Read(
    lambda partner_id, ids: (
        CreditNoteLine.objects.for_partner(partner_id).filter(credits_line__invoice__among=ids).values_list(*_CREDITS)
    )
)


def creditable_line(line: InvoiceLine, invoice: Invoice, took: Took) -> CreditableLine:
    """A line that takes nothing back, with what is left of it."""
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
