"""Documents as they are printed."""

from __future__ import annotations

from uuid import UUID

from billing.documents.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine, Payment
from billing.documents.states import LineKind
from billing.printing.paper import Paper, PaperKind, PaperLine, Receipt, Seller
from billing.queries.parties import parties_of
from billing.rules.explain import derivation_from
from billing.tax.rules.amounts import parts_from
from partnerpanel.brand.queries import logo_of
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import period_of


def invoice_paper(partner_id: UUID, invoice_id: UUID) -> Paper:
    """In seven queries. Raises NotFound alike for an id that never existed and for another partner's."""
    row = Invoice.objects.for_partner(partner_id).filter(pk=invoice_id).select_related("corrects").first()
    if row is None:
        raise NotFound("There is no such invoice.", field="invoice")
    lines = InvoiceLine.objects.for_partner(partner_id).filter(invoice=row).order_by("position")
    seller, buyer = parties_of(partner_id, row.customer_id, seller=row.seller, buyer=row.buyer)
    return Paper(
        kind=PaperKind.INVOICE,
        label=row.label,
        status=row.status,
        seller=seller,
        buyer=buyer,
        issued_on=row.issued_on,
        issued_at=row.issued_at,
        lines=[
            _line(line, row.currency, gives_back=line.amount < 0)
            for line in lines.select_related("credits_line__invoice")
        ],
        subtotal=Money(row.subtotal_amount, row.currency),
        tax=Money(row.tax_amount, row.currency),
        total=row.total,
        credit=Money(row.credit_amount, row.currency),
        reduced=Money(row.reduced_amount, row.currency),
        due=row.due,
        receipts=_receipts(partner_id, row),
        corrects=row.corrects.label if row.corrects else "",
        logo=_logo(partner_id, seller),
    )


def customer_of_note(partner_id: UUID, note_id: UUID) -> UUID | None:
    """Whose it is; None where there is no such credit note."""
    found: UUID | None = (
        CreditNote.objects.for_partner(partner_id).filter(pk=note_id).values_list("customer_id", flat=True).first()
    )
    return found


def credit_note_paper(partner_id: UUID, note_id: UUID) -> Paper:
    """In six queries. Raises NotFound alike for an id that never existed and for another partner's."""
    row = CreditNote.objects.for_partner(partner_id).filter(pk=note_id).first()
    if row is None:
        raise NotFound("There is no such credit note.", field="credit_note")
    lines = CreditNoteLine.objects.for_partner(partner_id).filter(credit_note=row).order_by("position")
    zero = Money.zero(row.currency)
    seller, buyer = parties_of(partner_id, row.customer_id, seller=row.seller, buyer=row.buyer)
    return Paper(
        kind=PaperKind.CREDIT_NOTE,
        label=row.label,
        status="",
        seller=seller,
        buyer=buyer,
        issued_on=row.issued_on,
        issued_at=row.issued_at,
        # On a credit note a line above zero gives back.
        lines=[
            _line(line, row.currency, gives_back=line.amount > 0)
            for line in lines.select_related("credits_line__invoice")
        ],
        subtotal=Money(row.subtotal_amount, row.currency),
        tax=Money(row.tax_amount, row.currency),
        total=row.total,
        credit=zero,
        reduced=zero,
        due=zero,
        receipts=(),
        logo=_logo(partner_id, seller),
    )


def receipt_paper(partner_id: UUID, payment_id: UUID) -> Paper:
    """What came in by one payment: the how manieth of its invoice says its number. In six queries. Raises NotFound
    alike for an id that never existed and for another partner's."""
    row = Payment.objects.for_partner(partner_id).filter(pk=payment_id).select_related("invoice").first()
    if row is None:
        raise NotFound("There is no such payment.", field="payment")
    payments = Payment.objects.for_partner(partner_id).filter(invoice=row.invoice_id).order_by("recorded_at", "id")
    place = list(payments.values_list("pk", flat=True)).index(row.pk) + 1
    zero, of = Money.zero(row.currency), row.invoice
    seller, buyer = parties_of(partner_id, row.customer_id, seller=of.seller, buyer=of.buyer)
    return Paper(
        kind=PaperKind.RECEIPT,
        label=f"{row.invoice.label}-P{place}",
        status="",
        seller=seller,
        buyer=buyer,
        issued_on=row.received_on,
        issued_at=row.recorded_at,
        lines=(),
        subtotal=row.money,
        tax=zero,
        total=row.money,
        credit=zero,
        reduced=zero,
        due=zero,
        receipts=(Receipt(row.received_on, row.source, row.method_text, row.money),),
        of=row.invoice.label,
        logo=_logo(partner_id, seller),
    )


def _logo(partner_id: UUID, seller: Seller) -> bytes:
    return logo_of(partner_id, UUID(seller.logo)) if seller.logo else b""


def _line(row: InvoiceLine | CreditNoteLine, currency: str, *, gives_back: bool) -> PaperLine:
    return PaperLine(
        kind=LineKind(row.kind),
        text=row.text,
        quantity=row.quantity,
        amount=Money(row.amount, currency),
        period=period_of(row.period_starts_on, row.period_ends_on),
        taxes=parts_from(row.taxes, currency),
        why=derivation_from(row.derivation) if row.derivation else None,
        gives_back=gives_back,
        of=row.credits_line.invoice.label if row.credits_line else "",
    )


def _receipts(partner_id: UUID, invoice: Invoice) -> list[Receipt]:
    rows = Payment.objects.for_partner(partner_id).filter(invoice=invoice).order_by("recorded_at", "id")
    return [Receipt(row.received_on, row.source, row.method_text, row.money) for row in rows]
