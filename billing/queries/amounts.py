"""What the documents of one subscription come to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from billing.models import Invoice, Payment
from partnerpanel.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Amount:
    """An invoice or a payment by its name: `label` is the invoice's number, `how` what it was paid with."""

    label: str
    money: Money
    how: str = ""


def amounts_of(partner_id: UUID, subscription_id: UUID) -> dict[UUID, Amount]:
    """Invoices and payments by id."""
    invoices = Invoice.objects.for_partner(partner_id).filter(subscription=subscription_id).in_bulk()
    found = {id_: Amount(row.label, row.total) for id_, row in invoices.items()}
    for row in Payment.objects.for_partner(partner_id).filter(invoice__in=invoices):
        found[row.pk] = Amount(invoices[row.invoice_id].label, row.money, row.method_text or row.source)
    return found
