"""What documents come to, by their ids."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from billing.models import CreditNote, Invoice, Payment
from partnerpanel.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Amount:
    """A document or a payment by its name: `label` is the document's number, `how` what an invoice was paid with."""

    label: str
    money: Money
    invoice_id: UUID | None = None
    how: str = ""


def amounts_of(partner_id: UUID, subscription_id: UUID) -> dict[UUID, Amount]:
    """Invoices, credit notes and payments of one subscription."""
    invoices = Invoice.objects.for_partner(partner_id).filter(subscription=subscription_id).in_bulk()
    payments = Payment.objects.for_partner(partner_id).filter(invoice__in=invoices)
    return _amounts(invoices, payments, CreditNote.objects.for_partner(partner_id).filter(subscription=subscription_id))


def amounts_by_id(partner_id: UUID, ids: Collection[UUID]) -> dict[UUID, Amount]:
    """Those of the ids that are invoices, credit notes or payments."""
    payments = list(Payment.objects.for_partner(partner_id).filter(pk__in=ids))
    wanted = {*ids, *(row.invoice_id for row in payments)}
    invoices = Invoice.objects.for_partner(partner_id).filter(pk__in=wanted).in_bulk()
    return _amounts(invoices, payments, CreditNote.objects.for_partner(partner_id).filter(pk__in=ids))


def _amounts(
    invoices: Mapping[UUID, Invoice], payments: Iterable[Payment], notes: Iterable[CreditNote]
) -> dict[UUID, Amount]:
    found = {id_: Amount(row.label, row.total, id_) for id_, row in invoices.items()}
    found |= {row.pk: Amount(row.label, row.total) for row in notes}
    for row in payments:
        how = row.method_text or row.source
        found[row.pk] = Amount(invoices[row.invoice_id].label, row.money, row.invoice_id, how)
    return found
